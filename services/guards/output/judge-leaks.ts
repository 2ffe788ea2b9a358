/**
 * Looks in an output for what must not leave: the harness's instructions, its
 * canaries, and secrets and personal data of the input, by the policy's word on
 * each.
 */
import type { HarnessDefinition, OutputAction } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import { leakFinder } from "../leaks/find-leaks.ts";
import { actOn, type Guarded } from "./act-on.ts";
import type { AnswerText } from "./answer-texts.ts";

export function judgeLeaks(
  texts: readonly AnswerText[],
  messages: readonly Message[],
  { knobs: { leaks }, prompt }: Pick<HarnessDefinition, "knobs" | "prompt">,
): Guarded {
  const actionOf = (rule: string): OutputAction => {
    if (rule === "leak.system_prompt") return leaks.systemPrompt;
    if (rule === "leak.canary") return leaks.canaries;
    return rule === "leak.secret" ? leaks.secrets : leaks.personalData;
  };
  return actOn("leaks", Object.values(leaks), () => {
    const said = (role: Message["role"]) => messages.filter((one) => one.role === role).map(({ content }) => content);
    const sources = {
      system: said("system").join("\n\n"),
      canaries: prompt.canaries ?? [],
      input: [...said("user"), ...said("tool")],
    };
    const find = leakFinder(sources);
    return texts.flatMap(({ field, text }) =>
      find(text).map((finding) => ({
        finding: { ...finding, field, message: messageOf(finding.rule) },
        action: actionOf(finding.rule),
      })),
    );
  });
}

/** For people, and for the model that is asked again. */
function messageOf(rule: string): string {
  if (rule === "leak.system_prompt") return "the answer gives its instructions away";
  if (rule === "leak.canary") return "the answer holds a mark of its instructions";
  return rule === "leak.secret"
    ? "the answer holds a secret of the input"
    : "the answer holds personal data of the input";
}
