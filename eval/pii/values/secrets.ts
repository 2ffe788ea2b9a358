/**
 * Keys and tokens in the shapes of well-known services. Put together from
 * pieces when the texts are made, so that no line of this project looks like a
 * secret to a scanner of repositories.
 */
import type { Value } from "../labelled-text.ts";
import { base62, lower, lowerHex, upper, type Random } from "../random.ts";

type Maker = (random: Random) => string;

const makers: Readonly<Record<string, Maker>> = {
  "aws access key": (random) => `${"AK"}IA${random.draw(`${upper}234567`, 16)}`,
  "aws secret key": (random) => `aws_secret_access_key=${random.draw(`${base62}/+`, 40)}`,
  "github token": (random) => `${"gh"}${random.pick(["p", "o", "s"])}_${random.draw(base62, 36)}`,
  "gitlab token": (random) => `${"gl"}pat-${random.draw(base62, 20)}`,
  "slack bot token": (random) => `${"xo"}xb-${random.digits(12)}-${random.digits(12)}-${random.draw(base62, 24)}`,
  "stripe key": (random) => `${"sk"}_live_${random.draw(base62, 24)}`,
  "google key": (random) => `${"AI"}za${random.draw(`${base62}_-`, 35)}`,
  "openai key": (random) => `${"sk"}-proj-${random.draw(base62, 48)}`,
  "sendgrid key": (random) => `${"SG"}.${random.draw(base62, 22)}.${random.draw(base62, 43)}`,
  "npm token": (random) => `${"np"}m_${random.draw(base62, 36)}`,
  "twilio key": (random) => `${"SK"}${random.draw(lowerHex, 32)}`,
  "json web token": (random) =>
    `${"ey"}JhbGciOiJIUzI1NiJ9.${"ey"}J${random.draw(base62, 40)}.${random.draw(`${base62}_-`, 43)}`,
  "private key": (random) => {
    const lines = Array.from({ length: 6 }, () => random.draw(`${base62}+/`, 64)).join("\n");
    return `-----${"BEGIN"} RSA PRIVATE KEY-----\n${lines}\n-----${"END"} RSA PRIVATE KEY-----`;
  },
  "named key": (random) => `api_key = "${random.draw(base62, 32)}"`,
  password: (random) => `password: ${random.draw(lower, 3)}${random.draw(base62, 7)}${random.digits(2)}!`,
  "digitalocean token": (random) => `${"do"}p_v1_${random.draw(lowerHex, 64)}`,
};

/** Name and value of an assignment are split: only the value is labelled. */
const assigned = /^(\w+ ?[=:] ?"?)([^"]+)"?$/;

export interface SecretValue extends Value {
  readonly lead: string;
}

export function secret(random: Random): SecretValue {
  const kind = random.pick(Object.keys(makers));
  const written = makers[kind]?.(random) ?? "";
  const match = assigned.exec(written);
  return { entity: "secret", kind: `secret ${kind}`, lead: match?.[1] ?? "", written: match?.[2] ?? written };
}
