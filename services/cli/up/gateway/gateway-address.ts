/**
 * Where the gateway of `up` listens: the port that the environment names, else
 * 8080, else any free one, chosen here so that it stays the same when the
 * gateway starts again; and how it is presented.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { readConfig, type Environment } from "../../../runtime/config.ts";

/** Errors: ConfigError. */
export async function gatewayPort(env: Environment): Promise<number> {
  const { BREAKWATER_GATEWAY_PORT: port, BREAKWATER_GATEWAY_HOST: host } = readConfig(
    ["BREAKWATER_GATEWAY_PORT", "BREAKWATER_GATEWAY_HOST"],
    env,
  );
  const isNamed = (env["BREAKWATER_GATEWAY_PORT"] ?? "") !== "" && port !== 0;
  if (isNamed) return port;
  return (port === 0 ? null : await freePort(host, port)) ?? (await freePort(host, 0)) ?? 0;
}

/** The port when it is free; 0 asks for any. */
async function freePort(host: string, port: number): Promise<number | null> {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), "listening");
    const address = probe.address();
    return typeof address === "object" && address !== null ? address.port : null;
  } catch {
    return null;
  } finally {
    probe.close();
  }
}

/** Lines for people. The first key is shown once, here, and stored nowhere. */
export function describeGateway(
  address: string,
  firstKey: { readonly key: string } | null,
  hasConsole: boolean,
): readonly string[] {
  return [
    `${"Gateway".padEnd(16)} ${address.padEnd(24)} for OpenAI's and Anthropic's SDKs and ${address}/docs`,
    ...(hasConsole
      ? [`${"Console".padEnd(16)} ${`${address}/console/`.padEnd(24)} log in with an operator's key`]
      : []),
    ...(firstKey === null
      ? []
      : [`${"First key".padEnd(16)} ${firstKey.key}`, `${"".padEnd(16)} of an operator; shown this once: keep it`]),
  ];
}
