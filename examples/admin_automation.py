"""What a platform team automates: a project a team, keys with just the roles they need, and their end.

    hatch run example admin_automation

With the cloud: leave out `transport=`; the service account stands in PINECONE_CLIENT_ID and
PINECONE_CLIENT_SECRET. The command `pinecone-admin apply plan.yaml` does the same from a file.
"""

from __future__ import annotations

from pinecone import Admin, ForbiddenError, Pinecone, ServerlessSpec, UnauthorizedError
from pinecone_local import LocalEngine, ServiceAccount


def main() -> None:
    """Make a project with two keys, show how far each goes, and take everything away."""
    with LocalEngine(account=ServiceAccount("platform", "a secret")) as engine:
        admin = Admin(client_id="platform", client_secret="a secret", transport=engine.transport())
        project = admin.projects.create(name="search-team")
        service = admin.api_keys.create(project_id=project.id, name="service", roles=["ProjectEditor"])
        dashboard = admin.api_keys.create(project_id=project.id, name="dashboard", roles=["DataPlaneViewer"])
        print(service)  # the secret does not show

        pc = Pinecone(api_key=service.value, transport=engine.transport())
        pc.create_index("films", ServerlessSpec(cloud="aws", region="us-east-1"), dimension=2)
        pc.index("films").upsert(vectors=[("alien", [0.1, 0.9])])
        host = pc.describe_index("films").host

        reader = Pinecone(api_key=dashboard.value, transport=engine.transport()).index(host=host)
        print("the dashboard reads:", reader.query(vector=[0.1, 0.9], top_k=1).matches[0].id)
        try:
            reader.upsert(vectors=[("x", [1.0, 1.0])])
        except ForbiddenError as error:
            print("and may not write:", error.message)

        # A new key before the old one goes, so that the service never stands without.
        fresh = admin.api_keys.create(project_id=project.id, name="service-2", roles=["ProjectEditor"])
        admin.api_keys.delete(api_key_id=service.key.id)
        try:
            pc.list_indexes()
        except UnauthorizedError as error:
            print("the old key is closed:", error.message)
        pc = Pinecone(api_key=fresh.value, transport=engine.transport())
        print("the new one works:", pc.list_indexes().names())

        seen = admin.projects.delete_with_cleanup(project_id=project.id, dry_run=True)
        print("\nto be deleted:", seen.indexes)
        admin.projects.delete_with_cleanup(
            project_id=project.id, on_progress=lambda kind, name: print(f"  deleted {kind}: {name}")
        )
        print("projects left:", admin.projects.list().names())


if __name__ == "__main__":
    main()
