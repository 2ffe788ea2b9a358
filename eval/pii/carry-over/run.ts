/**
 * Carries gitleaks' rules (MIT) over into services/guards/pii/secrets:
 * `node eval/pii/carry-over/run.ts <gitleaks.toml>`. Needed once a release of
 * theirs; says how many rules came over and why the others did not.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readGitleaksRules, type GitleaksRule } from "./gitleaks-toml.ts";
import { bounded, toJavaScript } from "./to-javascript.ts";

const target = "services/guards/pii/secrets/gitleaks-rules.json";

/** Rules that cannot be told from a text alone, and those whose gaps have to be bounded by hand. */
const left: Readonly<Record<string, string>> = {
  "pkcs12-file": "names a file, not a text",
  "kubernetes-secret-yaml": "spans a whole manifest: any secret in it is found by its own rule",
};
const rewritten: Readonly<Record<string, string>> = {
  "curl-auth-header": String.raw`\bcurl\b[^\n]{0,300}?[ \t](?:-H|--header)(?:=|[ \t]{0,5})["'](?i:(?:authorization:[ \t]{0,5}(?:(?:basic|bearer|(?:api-)?token)[ \t])?|(?:x-(?:[a-z]{1,20}-)?)?(?:api-?)?(?:key|token):[ \t]{0,5}))([\w=~@.+/-]{8,500})["']`,
  "curl-auth-user": String.raw`\bcurl\b[^\n]{0,300}?[ \t](?:-u|--user)(?:=|[ \t]{0,5})["']?([^\s"':]{2,100}:[^\s"':]{3,100})["']?(?:\s|$)`,
};

const rules = readGitleaksRules(readFileSync(process.argv[2] ?? "", "utf8"));
const carried = rules.flatMap((rule) => carry(rule));
const generic = rules.find(({ id }) => id === "generic-api-key");
const longWords = (generic?.stopwords ?? []).filter((word) => /^[a-z]{5,}$/.test(word));

writeFileSync(target, `${JSON.stringify({ rules: carried, stopwords: longWords.join(" ") })}\n`);
process.stdout.write(
  `${new Set(carried.map(({ id }) => id)).size} of ${rules.length} rules carried over\n` +
    Object.entries(left)
      .map(([id, reason]) => `left out: ${id}: ${reason}\n`)
      .join(""),
);

function carry({ id, regex, keywords, entropy }: GitleaksRule) {
  if (regex === null || left[id] !== undefined) return [];
  const patterns =
    rewritten[id] === undefined ? toJavaScript(regex) : [{ kind: "pattern" as const, pattern: bounded(rewritten[id]) }];
  return patterns.map((pattern) => {
    const source = pattern.kind === "pattern" ? pattern.pattern : `${pattern.name} ${pattern.value}`;
    RegExp(source);
    return { id, keywords, entropy, ...pattern };
  });
}
