"""For schemathesis: how a body of JSON lines is written, and requests that come through to a run."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def write_lines(_context, value):
    """As the text that it is, or one line of anything else."""
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


@schemathesis.hook
def map_body(_context, body):
    """Every other request that names a harness names one that there is."""
    if not isinstance(body, dict):
        return body
    for field in ("model", "harness"):
        name = body.get(field)
        if isinstance(name, str) and len(name) % 2 == 1:
            body = {**body, field: "assistant"}
            body.pop("harness_version", None)
            # No run has an answer within a millisecond: 504, as documented.
            body.pop("deadline_ms", None)
    return body
