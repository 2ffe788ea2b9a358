/** Addresses of machines and places: IPv4, IPv6, MAC, coordinates. */
import type { Value } from "../labelled-text.ts";
import { lowerHex, type Random } from "../random.ts";

export function ip(random: Random): Value {
  const kind = random.pick(["v4", "v4", "v6 full", "v6 short", "v6 mapped"]);
  const octet = (): string => String(random.below(256));
  const hextet = (): string => (1 + random.below(0xfffe)).toString(16);
  const v4 = `${1 + random.below(223)}.${octet()}.${octet()}.${10 + random.below(245)}`;
  const list = (length: number): string => Array.from({ length }, hextet).join(":");
  const written =
    kind === "v4"
      ? v4
      : kind === "v6 full"
        ? `2001:db8:${list(6)}`
        : kind === "v6 short"
          ? `${random.pick(["fe80", "2001:db8", "fd12:3456"])}::${list(1 + random.below(4))}`
          : `::ffff:${v4}`;
  return { entity: "ip", kind: `ip ${kind}`, written };
}

export function mac(random: Random): Value {
  const pairs = ["00", ...Array.from({ length: 5 }, () => random.draw(lowerHex, 2))];
  const kind = random.pick([":", ":", "-", "cisco"]);
  const joined = kind === "cisco" ? (pairs.join("").match(/.{4}/g)?.join(".") ?? "") : pairs.join(kind);
  return { entity: "mac", kind: "mac", written: random.below(2) === 0 ? joined : joined.toUpperCase() };
}

export function coordinates(random: Random): Value {
  const degree = (limit: number): string => `${random.pick(["", "-"])}${random.below(limit)}.${random.digits(5)}`;
  return { entity: "coordinates", kind: "coordinates", written: `${degree(89)}, ${degree(179)}` };
}
