"""Search by meaning and by words at once: dense and sparse vectors in one index, weighed against each other.

    hatch run example hybrid_search

With the cloud: leave out `transport=` and give your key.
"""

from __future__ import annotations

from pinecone import Pinecone, ServerlessSpec
from pinecone_local import LocalEngine

PRODUCTS = {
    "p1": "Waterproof hiking boots for muddy trails, model TX-200",
    "p2": "Light running shoes for the road, model RX-7",
    "p3": "Winter boots lined with wool, model WX-90",
    "p4": "Rain jacket with hood, model JX-200",
    "p5": "Wool socks for cold days, pack of three",
}
QUESTION = "warm footwear TX-200"


def main() -> None:
    """Index the products, then ask the same with three weights."""
    with LocalEngine() as engine, Pinecone(api_key="local", transport=engine.transport()) as pc:
        pc.create_index(
            "products", ServerlessSpec(cloud="aws", region="us-east-1"), dimension=1024, metric="dotproduct"
        )
        index = pc.index("products")

        def dense(texts: list[str], kind: str) -> list[list[float]]:
            found = pc.inference.embed("multilingual-e5-large", texts, {"input_type": kind})
            return [vector.values for vector in found]

        def sparse(texts: list[str], kind: str) -> list[dict[str, list[float]]]:
            found = pc.inference.embed("pinecone-sparse-english-v0", texts, {"input_type": kind})
            return [{"indices": one.sparse_indices, "values": one.sparse_values} for one in found]

        texts = list(PRODUCTS.values())
        index.upsert(
            vectors=[
                {"id": id_, "values": values, "sparse_values": words, "metadata": {"text": PRODUCTS[id_]}}
                for id_, values, words in zip(
                    PRODUCTS, dense(texts, "passage"), sparse(texts, "passage"), strict=True
                )
            ]
        )
        [meaning], [words] = dense([QUESTION], "query"), sparse([QUESTION], "query")
        for alpha in (1.0, 0.5, 0.0):  # 1 is meaning alone, 0 is words alone
            found = index.query(
                vector=[alpha * value for value in meaning],
                sparse_vector={
                    "indices": words["indices"],
                    # Sparse scores are larger by nature; a tenth brings them near those of unit vectors.
                    "values": [(1 - alpha) / 10 * value for value in words["values"]],
                },
                top_k=2,
                include_metadata=True,
            )
            print(f"\n{QUESTION!r}, {alpha:.0%} meaning:")
            for match in found.matches:
                print(f"  {match.score:7.3f}  {match.metadata['text']}")


if __name__ == "__main__":
    main()
