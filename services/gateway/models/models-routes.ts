/** GET /v1/models for the SDKs of both providers: Anthropic's says who it is by the header `anthropic-version`. */
import { z } from "zod";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import { findHarness, type Harnesses } from "../chat/request/find-harness.ts";
import { anthropicModel, anthropicModels, openaiModel, openaiModels } from "./models.ts";

const headers = z.object({ "anthropic-version": z.string().optional() });
const query = z.object({
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
});
const model = z.looseObject({ id: z.string().describe("What a request names as its model") });
const list = z.looseObject({ data: z.array(model) });
const shared = { method: "GET", access: "key", dialect: "openai", tag: "models" } as const;

export function modelsRoutes(harnesses: Harnesses): readonly GatewayRoute[] {
  return [
    keyedRoute({
      ...shared,
      url: "/v1/models",
      summary: "The harnesses that the key opens, as models",
      accepts: { headers, query },
      answers: {
        200: { description: "In OpenAI's shape, or Anthropic's when anthropic-version is given", body: list },
      },
      handle: ({ headers: given, query: page, client }) => {
        const open = openTo(client, harnesses);
        return Promise.resolve(
          given["anthropic-version"] === undefined ? openaiModels(open) : anthropicModels(open, page),
        );
      },
    }),
    keyedRoute({
      ...shared,
      url: "/v1/models/:id",
      summary: "One harness, as a model",
      accepts: { headers, params: z.object({ id: z.string() }) },
      answers: {
        200: { description: "As in the list", body: model },
        404: { description: "There is no such harness" },
      },
      handle: async ({ headers: given, params: { id }, client, refuse }) => {
        const found = await findHarness(harnesses, id, client);
        if (found.kind === "refused") return refuse(found.refusal);
        return given["anthropic-version"] === undefined ? openaiModel(id) : anthropicModel(id, found.definition);
      },
    }),
  ];
}

function openTo({ scopes }: Client, harnesses: Harnesses): readonly HarnessDefinition[] {
  return harnesses
    .names()
    .filter((name) => scopes.harnesses === null || scopes.harnesses.includes(name))
    .flatMap((name) => harnesses.current(name)?.definition ?? []);
}
