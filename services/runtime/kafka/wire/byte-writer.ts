/**
 * Writes Kafka's primitive encodings, in order, into one buffer whose size was
 * computed before: it does not grow.
 */
export class ByteWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  int8(value: number): this {
    this.at = this.bytes.writeInt8(value, this.at);
    return this;
  }

  int16(value: number): this {
    this.at = this.bytes.writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.bytes.writeInt32BE(value, this.at);
    return this;
  }

  uint32At(position: number, value: number): this {
    this.bytes.writeUInt32BE(value, position);
    return this;
  }

  int64(value: bigint): this {
    this.at = this.bytes.writeBigInt64BE(value, this.at);
    return this;
  }

  raw(bytes: Buffer): this {
    this.at += bytes.copy(this.bytes, this.at);
    return this;
  }

  /** int16 length and UTF-8 bytes. */
  string(value: string): this {
    const written = this.bytes.write(value, this.at + 2, "utf8");
    this.bytes.writeInt16BE(written, this.at);
    this.at += 2 + written;
    return this;
  }

  varint(value: number): this {
    let bits = ((value << 1) ^ (value >> 31)) >>> 0;
    while (bits >= 0x80) {
      this.bytes[this.at++] = (bits & 0x7f) | 0x80;
      bits >>>= 7;
    }
    this.bytes[this.at++] = bits;
    return this;
  }

  /** Varint length and bytes; -1 for null. */
  varintBytes(value: Buffer | null): this {
    if (value === null) return this.varint(-1);
    this.varint(value.length);
    value.copy(this.bytes, this.at);
    this.at += value.length;
    return this;
  }

  /** Varint length and UTF-8 bytes; the length in bytes was computed before. */
  varintString(value: string, length: number): this {
    this.varint(length);
    this.at += this.bytes.write(value, this.at, "utf8");
    return this;
  }
}

/** Bytes that `varint` takes for a value. */
export function varintSize(value: number): number {
  const bits = ((value << 1) ^ (value >> 31)) >>> 0;
  return bits < 0x80 ? 1 : bits < 0x4000 ? 2 : bits < 0x200000 ? 3 : bits < 0x10000000 ? 4 : 5;
}
