"""Tells schemathesis how a body of JSON lines is written: as the text that it is, or one line of anything else."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def write_lines(_context, value):
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")
