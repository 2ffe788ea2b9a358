/** Both providers' reports, as pages and as CSV, in one shape; and what is no report is refused with the reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readExport } from "./read-export.ts";
import { ExportError } from "./usage-export.ts";

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 1000;

const openaiResult = {
  object: "organization.usage.completions.result",
  model: "gpt-4o-2024-08-06",
  num_model_requests: 5,
};
const openaiPage = {
  object: "page",
  data: [
    {
      object: "bucket",
      start_time: day("2026-11-01"),
      end_time: day("2026-11-02"),
      results: [
        { ...openaiResult, input_tokens: 1000, output_tokens: 500, input_cached_tokens: 800, project_id: null },
        { ...openaiResult, input_tokens: 10, output_tokens: 5, input_cached_tokens: null, batch: true },
      ],
    },
    { object: "bucket", start_time: day("2026-11-02"), end_time: day("2026-11-03"), results: [] },
  ],
  has_more: false,
  next_page: null,
};
const openai = {
  provider: "openai",
  from: "2026-11-01",
  to: "2026-11-02",
  usage: [
    {
      day: "2026-11-01",
      model: "gpt-4o-2024-08-06",
      requests: 10,
      inputTokens: 210,
      cachedInputTokens: 800,
      cacheWriteTokens: 0,
      outputTokens: 505,
    },
  ],
};
const openaiCsv = `start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,batch,input_tokens,output_tokens,input_cached_tokens
1761955200,1762041600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,,5,gpt-4o-2024-08-06,False,1000,500,800
1761955200,1762041600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,,5,gpt-4o-2024-08-06,True,10,5,
1762041600,1762128000,2026-11-02T00:00:00+00:00,2026-11-03T00:00:00+00:00,,,,,,,
`;

const anthropicPage = {
  data: [
    {
      starting_at: "2026-11-01T00:00:00Z",
      ending_at: "2026-11-02T00:00:00Z",
      results: [
        {
          model: "claude-3-5-sonnet-20241022",
          uncached_input_tokens: 100,
          cache_read_input_tokens: 30,
          cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 3 },
          output_tokens: 50,
          api_key_id: null,
        },
      ],
    },
  ],
  has_more: false,
  next_page: null,
};
const anthropic = {
  provider: "anthropic",
  from: "2026-11-01",
  to: "2026-11-01",
  usage: [
    {
      day: "2026-11-01",
      model: "claude-3-5-sonnet-20241022",
      requests: null,
      inputTokens: 100,
      cachedInputTokens: 30,
      cacheWriteTokens: 10,
      outputTokens: 50,
    },
  ],
};
const anthropicCsv = `usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
2026-11-01,claude-3-5-sonnet-20241022,"key, first",Default,standard,<= 200k,60,7,0,30,20,0
2026-11-01,claude-3-5-sonnet-20241022,second,Default,standard,<= 200k,40,0,3,0,30,0
`;

const reports: readonly (readonly [name: string, text: string, expected: object])[] = [
  ["OpenAI's page", JSON.stringify(openaiPage), openai],
  ["OpenAI's pages as a list", JSON.stringify([openaiPage]), openai],
  ["OpenAI's CSV, with an empty day", openaiCsv, openai],
  ["OpenAI's CSV with a byte order mark", `\uFEFF${openaiCsv}`, openai],
  ["Anthropic's page", JSON.stringify(anthropicPage, null, 2), anthropic],
  [
    "Anthropic's pages, one a line",
    `${JSON.stringify({ ...anthropicPage, data: [] })}\n${JSON.stringify(anthropicPage)}\n`,
    anthropic,
  ],
  ["Anthropic's CSV, with a comma in a name", anthropicCsv, anthropic],
];
for (const [name, text, expected] of reports) {
  test(`reads ${name}`, () => assert.deepEqual(readExport(text), expected));
}

const noModel = {
  ...openaiPage,
  data: [{ ...openaiPage.data[0], results: [{ ...openaiResult, model: null, input_tokens: 1, output_tokens: 1 }] }],
};
const refusals: readonly (readonly [name: string, text: string, reason: RegExp])[] = [
  ["a report with further pages", JSON.stringify({ ...openaiPage, has_more: true }), /goes on \(has_more\)/],
  ["a report that is not by model", JSON.stringify(noModel), /group_by=model/],
  ["a report of no day", JSON.stringify({ ...anthropicPage, data: [] }), /covers no day/],
  ["another table", "date,tokens\n2026-11-01,5\n", /lacks the columns start_time_iso/],
  ["text", "hello", /lacks the columns/],
  ["JSON that is something else", '{"a":1}', /not a usage report: 0\/data/],
  ["half a file", JSON.stringify(anthropicPage).slice(0, 40), /line 1/],
  ["a negative count", anthropicCsv.replace("60,7", "-60,7"), /usage_input_tokens_no_cache/],
  ["a row that is too short", `${anthropicCsv}2026-11-02,x\n`, /not CSV/],
];
for (const [name, text, reason] of refusals) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => readExport(text),
      (error: unknown) => error instanceof ExportError && reason.test(error.message),
    );
  });
}
