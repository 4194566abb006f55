"""Pure search: scores over arrays, sparse vectors and the filter language."""
