// A whole session of the official TypeScript SDK against the server, with PINECONE_CONTROLLER_HOST set.
// Started by test_foreign_client.py in a folder where the SDK is installed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { Pinecone } = createRequire(process.cwd() + "/")("@pinecone-database/pinecone");

const spec = { serverless: { cloud: "aws", region: "us-east-1" } };
const pc = new Pinecone({ apiKey: "k", controllerHostUrl: process.env.PINECONE_CONTROLLER_HOST });

await pc.createIndex({ name: "demo", dimension: 3, metric: "cosine", spec, waitUntilReady: true });
assert.deepEqual((await pc.listIndexes()).indexes.map((one) => one.name), ["demo"]);
const described = await pc.describeIndex("demo");
assert.equal(described.dimension, 3);
const index = pc.index({ name: "demo", host: described.host }).namespace("n");
const records = [
  { id: "a", values: [1, 0, 0], metadata: { kind: "x", year: 2020 } },
  { id: "b", values: [0, 1, 0], metadata: { kind: "y" } },
];
await index.upsert({ records });
let found = await index.query({ vector: [1, 0.1, 0], topK: 2, includeMetadata: true, includeValues: true });
assert.deepEqual(found.matches.map((match) => match.id), ["a", "b"]);
assert.deepEqual(found.matches[0].metadata, { kind: "x", year: 2020 });
found = await index.query({ vector: [1, 0, 0], topK: 2, filter: { kind: { $ne: "x" } } });
assert.deepEqual(found.matches.map((match) => match.id), ["b"]);
assert.deepEqual((await index.fetch({ ids: ["a"] })).records.a.values, [1, 0, 0]);
assert.deepEqual((await index.listPaginated({ limit: 1 })).vectors.map((one) => one.id), ["a"]);
await index.update({ id: "a", metadata: { kind: "z" } });
assert.equal((await index.fetch({ ids: ["a"] })).records.a.metadata.kind, "z");
await index.deleteOne({ id: "a" });
assert.equal((await index.describeIndexStats()).totalRecordCount, 1);

const parameters = { inputType: "query", truncate: "END" };
const embedded = await pc.inference.embed({ model: "multilingual-e5-large", inputs: ["a"], parameters });
assert.equal(embedded.data[0].values.length, 1024);
const ranked = await pc.inference.rerank({
  model: "bge-reranker-v2-m3",
  query: "cat",
  documents: [{ text: "dog" }, { text: "cat" }],
});
assert.equal(ranked.data[0].index, 1);

await pc.createIndexForModel({
  name: "texts",
  cloud: "aws",
  region: "us-east-1",
  embed: { model: "pinecone-sparse-english-v0", fieldMap: { text: "t" } },
  waitUntilReady: true,
});
const texts = pc.index({ name: "texts", host: (await pc.describeIndex("texts")).host }).namespace("n");
await texts.upsertRecords({ records: [{ id: "1", t: "a cat sat" }, { id: "2", t: "stocks" }] });
const hits = (await texts.searchRecords({ query: { topK: 2, inputs: { text: "cats" } } })).result.hits;
assert.deepEqual(hits.map((hit) => hit._id), ["1"]);

await pc.configureIndex({ name: "demo", tags: { a: "b" } });
assert.deepEqual((await pc.describeIndex("demo")).tags, { a: "b" });
const backup = await pc.createBackup({ indexName: "demo", name: "one" });
await pc.createIndexFromBackup({ backupId: backup.backupId, name: "again" });
for (const name of ["demo", "texts", "again"]) await pc.deleteIndex(name);
assert.deepEqual((await pc.listIndexes()).indexes, []);
console.log("all done");
