/**
 * Rules of our own beside gitleaks': what people paste into prompts and those
 * rules miss, since they were written for source code. Same shape.
 */
import type { SecretRow } from "./secret-rules.ts";

export const ownRules: readonly SecretRow[] = [
  {
    id: "own-openai-api-key",
    keywords: ["sk-"],
    entropy: 3.5,
    kind: "pattern",
    pattern: String.raw`\b(sk-(?:(?:proj|svcacct|admin|or-v1|ant)-)?[A-Za-z0-9_-]{32,200})(?![\w-])`,
  },
  {
    id: "own-private-key-block",
    keywords: ["-----begin"],
    entropy: 0,
    kind: "pattern",
    pattern: String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\]{0,8000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?`,
  },
  {
    id: "own-url-password",
    keywords: ["://"],
    entropy: 2.8,
    kind: "pattern",
    pattern: String.raw`\b[a-zA-Z][a-zA-Z0-9+]{1,20}://[^\s:/@"'<>]{0,64}:([^\s/@"'<>]{8,128})@`,
  },
  {
    id: "own-bearer-token",
    keywords: ["bearer "],
    entropy: 3.5,
    kind: "pattern",
    pattern: String.raw`\b[Bb]earer[ \t]{1,3}([A-Za-z0-9_\-.=+/~]{20,4000})`,
  },
  {
    id: "own-azure-storage-key",
    keywords: ["accountkey"],
    entropy: 4,
    kind: "pattern",
    pattern: String.raw`(?i:AccountKey)=([A-Za-z0-9+/]{86}==)`,
  },
  {
    id: "own-aws-secret-key",
    anyCase: true,
    keywords: ["aws", "secret_access", "secretaccess", "secret access", "secret key"],
    entropy: 4,
    kind: "pattern",
    pattern: String.raw`(?:aws|secret[ _-]?(?:access)?[ _-]?key)[^\n]{0,60}?(?<![A-Za-z0-9+/])((?=[A-Za-z0-9/+]{0,39}\d)[A-Za-z0-9/+]{40})(?![A-Za-z0-9+/=])`,
  },
  {
    id: "own-password",
    anyCase: true,
    keywords: ["password", "passwd", "passphrase", "passcode", "pwd"],
    entropy: 2.5,
    kind: "pattern",
    pattern: String.raw`(?:\b|_)(?:password|passwd|passphrase|passcode|pwd)["']?(?:(?: is| was)? ?[:=]| is| was)[ "'\x60]{0,3}(?!https?:)((?=[^\s"'\x60]{0,63}\d)(?=[^\s"'\x60]{0,63}[A-Za-z])[^\s"'\x60,;<>()[\]{}]{8,64})`,
  },
  {
    id: "own-basic-authorization",
    keywords: ["basic "],
    entropy: 3,
    kind: "pattern",
    pattern: String.raw`(?i:authorization["']?[ \t]{0,3}[:=][ \t"']{0,3}basic)[ \t]{1,3}([A-Za-z0-9+/]{12,500}={0,2})`,
  },
  { id: "own-mailgun-key", keywords: ["key-"], entropy: 3, kind: "pattern", pattern: String.raw`\bkey-[0-9a-f]{32}\b` },
  {
    id: "own-telegram-token",
    keywords: [":aa"],
    entropy: 4,
    kind: "pattern",
    pattern: String.raw`\b\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![\w-])`,
  },
  {
    id: "own-google-oauth-token",
    keywords: ["ya29."],
    entropy: 3.5,
    kind: "pattern",
    pattern: String.raw`\bya29\.[A-Za-z0-9_-]{20,400}`,
  },
  {
    id: "own-huggingface-token",
    keywords: ["hf_"],
    entropy: 3.5,
    kind: "pattern",
    pattern: String.raw`\bhf_[A-Za-z0-9]{30,40}(?![A-Za-z0-9])`,
  },
];
