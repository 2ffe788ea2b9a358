"""The official openai package, unmodified, against the gateway: base URL and key are all that changes."""

import asyncio
import json

import openai
from pydantic import BaseModel

from cases import ATTACK, QUESTION, asked_again_after_429, case, keys, limited, provider_that, tell_all, thrown, url


def client_of(key, **more):
    return openai.OpenAI(base_url=f"{url}/v1", api_key=key, **more)


client = client_of(keys["own"])
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
LOOK_UP = [{"role": "user", "content": "Please look up the weather in Graz."}]


def chat(using=client, **more):
    return using.chat.completions.create(**{"model": "assistant", "messages": QUESTION, **more})


@case
def whole():
    """a chat is answered, with its usage and its run's id"""
    raw = client.chat.completions.with_raw_response.create(model="assistant", messages=QUESTION)
    answer = raw.parse()
    assert len(answer.choices[0].message.content) > 20
    assert (answer.model, answer.choices[0].finish_reason) == ("assistant", "stop")
    assert answer.usage.prompt_tokens > 10 and answer.usage.completion_tokens > 5
    assert len(raw.headers["breakwater-run-id"]) == 36
    assert answer._request_id == raw.headers["x-request-id"]


@case
def streamed():
    """a stream brings the same text, and its usage when asked"""
    text, usage = "", None
    for chunk in chat(stream=True, stream_options={"include_usage": True}):
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        usage = chunk.usage or usage
    assert text == chat().choices[0].message.content
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 15


@case
def helper():
    """the stream helper ends with the whole answer"""
    with client.chat.completions.stream(model="assistant", messages=QUESTION) as stream:
        kinds = {event.type for event in stream}
        answer = stream.get_final_completion()
    assert {"content.delta", "content.done"} <= kinds, kinds
    assert answer.choices[0].message.content == chat().choices[0].message.content


@case
def at_once():
    """the asynchronous client gets twenty answers at once"""

    async def ask_all():
        async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=keys["own"]) as many:
            return await asyncio.gather(*(chat(many) for _ in range(20)))

    assert all(answer.choices[0].message.content for answer in asyncio.run(ask_all()))


@case
def tools():
    """a tool is called, and its result is read"""
    asked = chat(messages=LOOK_UP, tools=[WEATHER]).choices[0]
    [call] = asked.message.tool_calls
    assert (asked.finish_reason, call.function.name) == ("tool_calls", "weather")
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    told = {"role": "tool", "tool_call_id": call.id, "content": "The roof's thermometer shows 21 degrees."}
    answer = chat(messages=[*LOOK_UP, asked.message, told], tools=[WEATHER])
    assert "21 degrees" in answer.choices[0].message.content


@case
def tools_streamed():
    """a call of a tool is streamed"""
    with client.chat.completions.stream(model="assistant", messages=LOOK_UP, tools=[WEATHER]) as stream:
        [call] = stream.get_final_completion().choices[0].message.tool_calls
    assert call.function.name == "weather" and "city" in json.loads(call.function.arguments)


@case
def structured():
    """structured output comes back as the class that was asked for"""

    class Bridge(BaseModel):
        name: str
        opened: int

    answer = client.chat.completions.parse(model="assistant", messages=QUESTION, response_format=Bridge)
    assert isinstance(answer.choices[0].message.parsed, Bridge)


@case
def models():
    """models are the harnesses that the key opens"""
    assert "assistant" in [model.id for model in client.models.list()]
    assert client.models.retrieve("assistant").id == "assistant"
    assert [model.id for model in client_of(keys["narrow"]).models.list()] == ["summarise"]
    thrown(openai.NotFoundError, lambda: client.models.retrieve("missing"))


@case
def wrong_key():
    """a wrong key is an AuthenticationError"""
    assert thrown(openai.AuthenticationError, lambda: chat(client_of("stolen"))).code == "unauthorized"


@case
def unknown():
    """an unknown model is a NotFoundError that names the parameter"""
    error = thrown(openai.NotFoundError, lambda: chat(model="missing"))
    assert (error.code, error.param) == ("model_not_found", "model")


@case
def bad_requests():
    """what cannot be had is a BadRequestError that names the parameter"""
    for more, param in [({"n": 2}, "n"), ({"temperature": 9}, "temperature"), ({"messages": []}, "messages")]:
        assert thrown(openai.BadRequestError, lambda: chat(**more)).param == param


@case
def forbidden():
    """a harness outside the key's scope is a PermissionDeniedError"""
    error = thrown(openai.PermissionDeniedError, lambda: chat(client_of(keys["narrow"])))
    assert error.code == "harness_not_permitted"


@case
def attacked():
    """an attack is a BadRequestError of a run that ended"""
    error = thrown(openai.BadRequestError, lambda: chat(messages=ATTACK))
    assert error.response.headers["breakwater-status"] == "refused"


@case
def minute():
    """a used up limit is a RateLimitError that says when to come back"""
    hasty = client_of(keys["minute"], max_retries=0)
    assert int(limited(openai.RateLimitError, lambda: chat(hasty)).response.headers["retry-after"]) > 0


@case
def retried():
    """after 429 the package asks again by itself"""

    def hooked(on_response):
        http = openai.DefaultHttpxClient(event_hooks={"response": [on_response]})
        return client_of(keys["alone"], max_retries=5, http_client=http)

    asked_again_after_429(chat, hooked)


@case
def timed_out():
    """a time-out is an APITimeoutError, and the next request is answered"""
    with provider_that("hang"):
        thrown(openai.APITimeoutError, lambda: chat(client_of(keys["own"], timeout=1, max_retries=0)))
    assert chat().choices[0].finish_reason == "stop"


tell_all()
