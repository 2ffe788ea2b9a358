/** Addresses of machines and places, and the versions, times and ratios that are written alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findCoordinates } from "./coordinates.ts";
import { findIps } from "./ip.ts";
import { findMacs } from "./mac.ts";

const found = (text: string) => {
  const read = readPiiText(fold(text));
  return [...findIps(read), ...findMacs(read), ...findCoordinates(read)].map(
    ({ entity, start, end }) => `${entity} ${text.slice(start, end)}`,
  );
};

const addresses: readonly [what: string, text: string, expected: string][] = [
  ["an IPv4 address", "from 203.0.113.77 today", "ip 203.0.113.77"],
  ["one with a port", "http://203.0.113.77:8080/", "ip 203.0.113.77"],
  ["one after an equals sign", "client_ip=203.0.113.77", "ip 203.0.113.77"],
  ["one of small numbers after a word", "ping 4.2.2.2", "ip 4.2.2.2"],
  ["a whole IPv6 address", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "ip 2001:0db8:85a3:0000:0000:8a2e:0370:7334"],
  ["a shortened one", "at fe80::1ff:fe23:4567:890a.", "ip fe80::1ff:fe23:4567:890a"],
  ["one that ends in zeros", "net 2001:db8:: is", "ip 2001:db8::"],
  ["one in brackets with a port", "[2001:db8::7]:443", "ip 2001:db8::7"],
  ["an IPv4 address inside IPv6", "::ffff:192.0.2.128", "ip ::ffff:192.0.2.128"],
  ["a MAC address", "00:1B:44:11:3A:B7", "mac 00:1B:44:11:3A:B7"],
  ["one that begins with letters", "aa:bb:cc:dd:ee:0f", "mac aa:bb:cc:dd:ee:0f"],
  ["one with dashes", "00-1b-44-11-3a-b7", "mac 00-1b-44-11-3a-b7"],
  ["one as Cisco writes it", "001b.4411.3ab7", "mac 001b.4411.3ab7"],
  ["named coordinates", "GPS: 48.858, 2.294", "coordinates 48.858, 2.294"],
  ["exact coordinates with a sign", "40.71280, -74.00600", "coordinates 40.71280, -74.00600"],
  ["coordinates with hemispheres", "48.8584 N, 2.2945 E", "coordinates 48.8584 N, 2.2945 E"],
  ["degrees and minutes", `48°51'30" N, 2°17'40" E`, `coordinates 48°51'30" N, 2°17'40" E`],
];
for (const [what, text, expected] of addresses) {
  test(`finds ${what}`, () => assert.ok(found(text).includes(expected), found(text).join("; ")));
}

const others: readonly [what: string, text: string][] = [
  ["a version", "Version 1.2.3.4"],
  ["a version with v", "v10.20.30.40"],
  ["a version after an at sign", "driver@10.20.30.40"],
  ["a product's version", "Chrome/120.0.6099.109"],
  ["a section", "see section 10.12.14.16"],
  ["four small numbers without a word", "4.5.6.7 released"],
  ["five numbers", "10.20.30.40.50"],
  ["an octet above 255", "300.20.30.40"],
  ["a leading zero", "10.020.30.40"],
  ["a netmask, loop-back and any", "255.255.255.0 127.0.0.1 0.0.0.0"],
  ["a network", "10.0.0.0/8"],
  ["clock times", "12:34:56 and 10:30"],
  ["a ratio", "16:9:4"],
  ["names with two colons", "std::vector a::b::c"],
  ["two double colons", "1::2::3"],
  ["seven pairs", "00:1b:44:11:3a:b7:08"],
  ["mixed separators", "00:1b-44:11-3a:b7"],
  ["two decimals", "mean 1.234, deviation 2.345"],
  ["a vector", "[-0.01234, 0.45678, -0.98765]"],
  ["a long list", "-12.34567, 45.67890, 12.34567"],
  ["two small exact decimals", "-0.01234, 0.45678"],
  ["a latitude beyond the pole", "GPS 95.1234, 2.2945"],
];
for (const [what, text] of others) test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));
