"""The official anthropic package, unmodified, against the gateway: base URL and key are all that changes."""

import asyncio

import anthropic
from pydantic import BaseModel

from cases import ATTACK, QUESTION, asked_again_after_429, case, keys, limited, provider_that, tell_all, thrown, url


def client_of(key, **more):
    return anthropic.Anthropic(base_url=url, api_key=key, **more)


client = client_of(keys["own"])
ASKED = {"model": "assistant", "max_tokens": 512, "messages": QUESTION}
WEATHER = {
    "name": "weather",
    "description": "The weather in a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
LOOK_UP = [{"role": "user", "content": "Please look up the weather in Graz."}]


def ask(using=client, **more):
    return using.messages.create(**{**ASKED, **more})


@case
def whole():
    """a message is answered, with its usage and its run's id"""
    raw = client.messages.with_raw_response.create(**ASKED, system="Answer in few words.")
    answer = raw.parse()
    assert len(answer.content[0].text) > 20
    assert (answer.model, answer.stop_reason) == ("assistant", "end_turn")
    assert answer.usage.input_tokens > 10 and answer.usage.output_tokens > 5
    assert len(raw.headers["breakwater-run-id"]) == 36
    assert answer._request_id == raw.headers["request-id"]


@case
def streamed():
    """a stream brings the same text, event by event and as a whole"""
    with client.messages.stream(**ASKED) as stream:
        text = "".join(stream.text_stream)
        answer = stream.get_final_message()
    assert text == answer.content[0].text == ask().content[0].text
    kinds = [event.type for event in ask(stream=True)]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


@case
def at_once():
    """the asynchronous client gets twenty answers at once"""

    async def ask_all():
        async with anthropic.AsyncAnthropic(base_url=url, api_key=keys["own"]) as many:
            return await asyncio.gather(*(ask(many) for _ in range(20)))

    assert all(answer.content[0].text for answer in asyncio.run(ask_all()))


@case
def tools():
    """a tool is called, and its result is read"""
    asked = ask(messages=LOOK_UP, tools=[WEATHER])
    [use] = [block for block in asked.content if block.type == "tool_use"]
    assert (asked.stop_reason, use.name) == ("tool_use", "weather") and isinstance(use.input["city"], str)
    told = {"type": "tool_result", "tool_use_id": use.id, "content": "The roof's thermometer shows 21 degrees."}
    turns = [*LOOK_UP, {"role": "assistant", "content": asked.content}, {"role": "user", "content": [told]}]
    assert "21 degrees" in ask(messages=turns, tools=[WEATHER]).content[0].text


@case
def tools_streamed():
    """a call of a tool is streamed"""
    with client.messages.stream(**{**ASKED, "messages": LOOK_UP}, tools=[WEATHER]) as stream:
        [use] = [block for block in stream.get_final_message().content if block.type == "tool_use"]
    assert use.name == "weather" and "city" in use.input


@case
def structured():
    """structured output comes back as the class that was asked for"""

    class Bridge(BaseModel):
        name: str
        opened: int

    assert isinstance(client.messages.parse(**ASKED, output_format=Bridge).parsed_output, Bridge)


@case
def models():
    """models are the harnesses that the key opens"""
    assert "assistant" in [model.id for model in client.models.list()]
    assert client.models.retrieve("assistant").id == "assistant"
    assert [model.id for model in client_of(keys["narrow"]).models.list()] == ["summarise"]
    thrown(anthropic.NotFoundError, lambda: client.models.retrieve("missing"))


@case
def wrong_key():
    """a wrong key is an AuthenticationError"""
    error = thrown(anthropic.AuthenticationError, lambda: ask(client_of("stolen")))
    assert error.body["error"]["type"] == "authentication_error"


@case
def unknown():
    """an unknown model is a NotFoundError that names the parameter"""
    error = thrown(anthropic.NotFoundError, lambda: ask(model="missing"))
    assert error.body["error"]["type"] == "not_found_error" and "model" in error.message


@case
def bad_requests():
    """what cannot be had is a BadRequestError that names the parameter"""
    for param, value in [("top_k", 3), ("temperature", 9), ("messages", [])]:
        error = thrown(anthropic.BadRequestError, lambda: ask(extra_body={param: value}))
        assert param in error.message, error.message


@case
def forbidden():
    """a harness outside the key's scope is a PermissionDeniedError"""
    error = thrown(anthropic.PermissionDeniedError, lambda: ask(client_of(keys["narrow"])))
    assert error.body["error"]["type"] == "permission_error"


@case
def attacked():
    """an attack is a BadRequestError of a run that ended"""
    error = thrown(anthropic.BadRequestError, lambda: ask(messages=ATTACK))
    assert error.response.headers["breakwater-status"] == "refused"


@case
def minute():
    """a used up limit is a RateLimitError that says when to come back"""
    hasty = client_of(keys["minute"], max_retries=0)
    assert int(limited(anthropic.RateLimitError, lambda: ask(hasty)).response.headers["retry-after"]) > 0


@case
def retried():
    """after 429 the package asks again by itself"""

    def hooked(on_response):
        http = anthropic.DefaultHttpxClient(event_hooks={"response": [on_response]})
        return client_of(keys["alone"], max_retries=5, http_client=http)

    asked_again_after_429(ask, hooked)


@case
def timed_out():
    """a time-out is an APITimeoutError, and the next request is answered"""
    with provider_that("hang"):
        thrown(anthropic.APITimeoutError, lambda: ask(client_of(keys["own"], timeout=1, max_retries=0)))
    assert ask().stop_reason == "end_turn"


tell_all()
