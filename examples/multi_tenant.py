"""A namespace a tenant: the same index for all of them, and none sees another's records.

    hatch run example multi_tenant

With the cloud: leave out `transport=` and give your key.
"""

from __future__ import annotations

from pinecone import NotFoundError, Pinecone
from pinecone_local import LocalEngine

NOTES = {
    "acme": ["The boiler needs a new valve.", "Lunch with the auditors on Friday."],
    "umbrella": ["Order more umbrellas before autumn.", "The warehouse roof leaks."],
}


def main() -> None:
    """Store notes of two tenants, search as each, and let one go."""
    with LocalEngine() as engine, Pinecone(api_key="local", transport=engine.transport()) as pc:
        pc.create_index_for_model(
            name="notes",
            cloud="aws",
            region="us-east-1",
            embed={"model": "multilingual-e5-large", "field_map": {"text": "body"}},
        )
        index = pc.index("notes")
        for tenant, notes in NOTES.items():
            records = [{"_id": str(number), "body": body} for number, body in enumerate(notes)]
            index.upsert_records(namespace=tenant, records=records)

        for tenant in NOTES:
            found = index.search(namespace=tenant, top_k=1, inputs={"text": "repairs to do"}, fields=["body"])
            print(f"{tenant:9} finds {found.result.hits[0].fields['body']!r}")

        print("\nrecords a tenant:")
        for page in index.list_namespaces():
            for one in page:
                print(f"  {one.name:9} {one.record_count}")

        index.delete_namespace(namespace="umbrella")  # the tenant leaves: one call, nothing of it stays
        try:
            index.describe_namespace(namespace="umbrella")
        except NotFoundError as error:
            print(f"\numbrella has left: {error.message}")
        print("acme still has", index.describe_namespace(namespace="acme").record_count, "notes")


if __name__ == "__main__":
    main()
