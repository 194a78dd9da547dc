// RFC 6455, asked of the echo example frame by frame: what the cases 1 to 7, 9 and 10 of the Autobahn suite are about.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Example } from './example.mjs';

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
let example;

before(async () => (example = await Example.start('ws_echo')));
after(() => example.stop());

/** A frame as a client sends it. */
function frame(opcode, payload = '', { fin = true, rsv = 0, mask = true } = {}) {
  const body = Buffer.from(payload);
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const bit = mask ? 0x80 : 0;
  if (body.length < 126) head.push(bit | body.length);
  else if (body.length < 65_536) head.push(bit | 126, body.length >> 8, body.length & 255);
  else head.push(bit | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (body.length >> shift) & 255));
  if (!mask) return Buffer.concat([Buffer.from(head), body]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, body.map((byte, at) => byte ^ key[at % 4])]);
}

/** A connection on which frames are written as they are. */
class Raw {
  static async open() {
    const raw = new Raw();
    const { hostname, port } = new URL(example.url);
    raw.socket = connect(Number(port), hostname);
    raw.bytes = Buffer.alloc(0);
    raw.ended = false;
    raw.wake = () => {};
    raw.socket.on('data', (bytes) => ((raw.bytes = Buffer.concat([raw.bytes, bytes])), raw.wake()));
    raw.socket.on('close', () => ((raw.ended = true), raw.wake()));
    raw.socket.on('error', () => {});
    raw.socket.write(
      `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const head = await raw.take(() => {
      const end = raw.bytes.indexOf('\r\n\r\n');
      return end < 0 ? 0 : end + 4;
    });
    assert.match(head.toString(), /^HTTP\/1.1 101 [^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
    return raw;
  }

  async take(length) {
    for (;;) {
      const count = length();
      if (count > 0) {
        const taken = this.bytes.subarray(0, count);
        this.bytes = this.bytes.subarray(count);
        return taken;
      }
      if (this.ended) return null;
      await new Promise((resolve) => (this.wake = resolve));
    }
  }

  send(...frames) {
    this.socket.write(Buffer.concat(frames));
  }

  /** The next frame of the server, whole: opcode and payload. */
  async next() {
    const head = () => {
      if (this.bytes.length < 2) return 0;
      const short = this.bytes[1] & 127;
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      if (this.bytes.length < 2 + extended) return 0;
      const length =
        extended === 2
          ? this.bytes.readUInt16BE(2)
          : extended === 8
            ? Number(this.bytes.readBigUInt64BE(2))
            : short;
      this.skip = 2 + extended;
      return this.bytes.length < this.skip + length ? 0 : this.skip + length;
    };
    const whole = await this.take(head);
    if (!whole) return { ended: true };
    assert.equal(whole[1] & 0x80, 0, 'a server masks nothing');
    return { opcode: whole[0] & 15, payload: whole.subarray(this.skip) };
  }

  /** Reads to the close frame; its code. */
  async closed() {
    for (;;) {
      const { ended, opcode, payload } = await this.next();
      if (ended) return 'cut';
      if (opcode !== CLOSE) continue;
      this.socket.destroy();
      return payload.length ? payload.readUInt16BE(0) : 'no code';
    }
  }
}

/** Sends these frames; what comes back as [opcode, text]. */
async function echoed(frames, count = 1) {
  const raw = await Raw.open();
  raw.send(...frames);
  const got = [];
  while (got.length < count) {
    const { opcode, payload } = await raw.next();
    got.push([opcode, payload]);
  }
  raw.send(frame(CLOSE, Buffer.from([3, 232])));
  assert.equal(await raw.closed(), 1000);
  return got;
}

async function closes(...frames) {
  const raw = await Raw.open();
  raw.send(...frames);
  return raw.closed();
}

test('messages of every length come back, text and bytes', async () => {
  for (const length of [0, 125, 126, 127, 128, 65_535, 65_536, 1 << 20, 16 << 20]) {
    const body = Buffer.alloc(length, 42);
    for (const opcode of [TEXT, BINARY]) {
      const [[got, payload]] = await echoed([frame(opcode, body)]);
      assert.equal(got, opcode);
      assert.ok(payload.equals(body), `${length}`);
    }
  }
});

test('whoever waits for each answer gets the next one too', async () => {
  const raw = await Raw.open();
  for (const opcode of [TEXT, PING, PING, BINARY, PING, TEXT]) {
    raw.send(frame(opcode, 'and so on'));
    const { opcode: answer, payload } = await raw.next();
    assert.deepEqual([answer, payload.toString()], [opcode === PING ? PONG : opcode, 'and so on']);
  }
  raw.socket.destroy();
});

test('pings are answered, also between fragments; pongs are not', async () => {
  const body = Buffer.alloc(125, 254);
  const got = await echoed(
    [
      frame(PONG, 'unasked'),
      frame(TEXT, 'frag', { fin: false }),
      frame(PING, body),
      frame(CONTINUATION, '', { fin: false }),
      frame(PING),
      frame(CONTINUATION, 'ment'),
    ],
    3,
  );
  assert.deepEqual(
    got.map(([opcode]) => opcode),
    [PONG, PONG, TEXT],
  );
  assert.ok(got[0][1].equals(body));
  assert.equal(got[2][1].toString(), 'fragment');
});

test('a character may be cut by fragments, and many fragments are one message', async () => {
  const text = Buffer.from('κόσμε€😀');
  const cut = [...text].map((byte, at) =>
    frame(at ? CONTINUATION : TEXT, Buffer.from([byte]), { fin: at === text.length - 1 }),
  );
  assert.equal((await echoed(cut))[0][1].toString(), 'κόσμε€😀');
  const many = Array.from({ length: 4_000 }, (_, at) =>
    frame(at ? CONTINUATION : BINARY, Buffer.alloc(64, at), { fin: at === 3_999 }),
  );
  assert.equal((await echoed(many))[0][1].length, 256_000);
});

test('what the protocol does not allow ends with 1002', async () => {
  for (const [what, ...frames] of [
    ['reserved bits', frame(TEXT, 'x', { rsv: 4 })],
    ['reserved bits of a ping', frame(PING, 'x', { rsv: 1 })],
    ['an unknown opcode', frame(3, 'x')],
    ['an unknown control opcode', frame(11, 'x')],
    ['a large ping', frame(PING, Buffer.alloc(126))],
    ['a ping in fragments', frame(PING, 'x', { fin: false })],
    ['a continuation of nothing', frame(CONTINUATION, 'x')],
    ['a continuation of nothing, not the last', frame(CONTINUATION, 'x', { fin: false })],
    ['a text within fragments', frame(TEXT, 'a', { fin: false }), frame(TEXT, 'b')],
    ['fragments within fragments', frame(TEXT, 'a', { fin: false }), frame(BINARY, 'b', { fin: false })],
    ['a frame without a mask', frame(TEXT, 'x', { mask: false })],
    ['a close of one byte', frame(CLOSE, Buffer.from([3]))],
    ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map((code) => [
      `the close code ${code}`,
      frame(CLOSE, Buffer.from([code >> 8, code & 255])),
    ]),
  ])
    assert.equal(await closes(...frames), 1002, what);
});

test('text that is not UTF-8 ends with 1007', async () => {
  for (const bytes of [
    [0xff],
    [0xce, 0xba, 0xe1],
    [0xed, 0xa0, 0x80],
    [0xc0, 0xaf],
    [0xf4, 0x90, 0x80, 0x80],
  ]) {
    assert.equal(await closes(frame(TEXT, Buffer.from(bytes))), 1007, String(bytes));
    const cut = Buffer.from(bytes);
    assert.equal(
      await closes(frame(TEXT, cut.subarray(0, 1), { fin: false }), frame(CONTINUATION, cut.subarray(1))),
      1007,
      `in fragments ${bytes}`,
    );
  }
});

test('a close is answered with the same code, and nothing after it is read', async () => {
  for (const code of [1000, 1001, 1003, 1007, 1011, 3000, 4999]) {
    const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from('bye')]);
    assert.equal(await closes(frame(CLOSE, payload), frame(TEXT, 'too late')), code);
  }
  assert.equal(await closes(frame(CLOSE)), 'no code');
});

test('a message that announces too much is refused before it comes', async () => {
  const head = Buffer.from([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
  assert.equal(await closes(head), 1009);
  const large = Buffer.alloc(20 << 20);
  assert.equal(await closes(frame(BINARY, large, { fin: false }), frame(CONTINUATION, large)), 1009);
});
