/**
 * Bodies on the wire: reads a request's body whole, undoing its encoding, within
 * a bound; encodes an answer as the client accepts it.
 */
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Refusal } from "./http-query.ts";

/** Decoded bytes of one request; the engine takes a statement as one string. */
const usualMaxBytes = 256 * 1024 * 1024;

type Decoder = (bytes: Buffer, bound: { readonly maxOutputLength: number }) => Promise<Buffer>;
type Encoder = (bytes: Buffer) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
  zstd: promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress),
};

const fastBrotli = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };

const encoders: Readonly<Record<string, Encoder>> = {
  gzip: promisify<Buffer, Buffer>(zlib.gzip),
  zstd: promisify<Buffer, Buffer>(zlib.zstdCompress),
  br: (bytes) => promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliCompress)(bytes, fastBrotli),
  deflate: promisify<Buffer, Buffer>(zlib.deflate),
};

export async function readBody(request: IncomingMessage, maxBytes: number = usualMaxBytes): Promise<Buffer | Refusal> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) return tooLarge(maxBytes);
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  const encoding = request.headers["content-encoding"] ?? "";
  if (encoding === "" || encoding === "identity" || body.length === 0) return body;
  const decode = decoders[encoding];
  if (decode === undefined) return badEncoding(`Unknown compression method '${encoding}'`);
  return decode(body, { maxOutputLength: maxBytes }).catch(() =>
    badEncoding(`The body is not ${encoding}, or holds more than ${maxBytes} bytes`),
  );
}

const tooLarge = (maxBytes: number): Refusal => ({
  code: 229,
  name: "QUERY_IS_TOO_LARGE",
  message: `A request may hold at most ${maxBytes} bytes`,
});

const badEncoding = (message: string): Refusal => ({ code: 36, name: "BAD_ARGUMENTS", message });

/** `accepted` is the Accept-Encoding header; empty: the bytes as they are. */
export async function compressBody(
  bytes: Buffer,
  accepted: string,
): Promise<{ readonly encoding: string | null; readonly bytes: Buffer }> {
  const encoding = Object.keys(encoders).find((name) => accepted.includes(name)) ?? null;
  const encode = encoding === null ? undefined : encoders[encoding];
  return encode === undefined ? { encoding: null, bytes } : { encoding, bytes: await encode(bytes) };
}
