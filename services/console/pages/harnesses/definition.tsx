/** One version to be read: the prompt, the chain, the contracts, every knob; and the whole document below. */
import type { ComponentChildren } from "preact";
import type { VersionView } from "../../../gateway/harnesses/harness-views.ts";
import { grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { Contract } from "./contract.tsx";
import { Value } from "./differences.tsx";
import { Knobs } from "./knobs.tsx";

type Read = VersionView["definition"];

export function Definition({ definition }: { readonly definition: Read }) {
  return (
    <>
      <Facts definition={definition} />
      <div class="columns">
        <Part title="What goes in">
          <Contract schema={definition.input.schema} />
        </Part>
        <Part title="What comes out">
          <Contract schema={definition.output.schema} />
        </Part>
      </div>
      <Part title="Prompt">
        <h3>Instructions</h3>
        <Value value={definition.prompt.system} />
        <h3>
          {definition.prompt.messages === undefined
            ? "Template"
            : `Template, then the conversation in ${definition.prompt.messages}`}
        </h3>
        <Value value={definition.prompt.user === "" ? "(none)" : definition.prompt.user} />
      </Part>
      <Part title="Guards and retries">
        <Knobs knobs={definition.knobs} />
      </Part>
      <section class="card">
        <details>
          <summary>The whole document</summary>
          <Value value={definition} />
        </details>
      </section>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ definition }: { readonly definition: Read }) {
  const { policy, compliance = [], models, output, deadlineMs, maxAttempts, fallbackAnswer, review } = definition;
  const facts: readonly (readonly [name: string, value: string])[] = [
    ["Policy", [policy, ...compliance].join(", ")],
    ["Answer", `${output.format}, at most ${grouped(output.maxTokens)} tokens`],
    ["Goes to", output.destination ?? "nowhere that is named"],
    ["Attempts", grouped(maxAttempts)],
    ["Time for a run", span(deadlineMs)],
    ["When no model answers", fallbackAnswer === undefined ? "the run ends without an answer" : "the declared answer"],
    ["People decide", review === undefined ? "never" : "by its review policy"],
  ];
  return (
    <section class="card">
      <h2>In short</h2>
      <dl class="short-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Models</dt>
          <dd>
            <ol class="models">
              {models.map(({ provider, model, timeoutMs }, at) => (
                <li key={at}>
                  {model}{" "}
                  <span class="quiet">
                    {provider}, {span(timeoutMs)} a call
                  </span>
                </li>
              ))}
            </ol>
          </dd>
        </div>
      </dl>
    </section>
  );
}
