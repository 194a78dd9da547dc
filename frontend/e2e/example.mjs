// One of the example servers, in a process of its own on a free port.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const EXAMPLES = join(dirname(process.env.TOCSIN_BIN), 'examples');

export class Example {
  /** Starts it and waits until it says where it listens. */
  static async start(name, ...args) {
    const example = new Example();
    example.process = spawn(join(EXAMPLES, name), ['--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    example.ended = new Promise((resolve) => example.process.once('exit', resolve));
    example.url = await new Promise((resolve, reject) => {
      example.ended.then((code) => reject(new Error(`${name} ended with ${code}`)));
      createInterface({ input: example.process.stdout }).on('line', (line) => {
        const address = /listening on (\S+)/.exec(line);
        if (address) resolve(address[1]);
      });
    });
    return example;
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

/** A websocket whose messages are waited for one by one. */
export class Socket {
  constructor(url, options) {
    this.socket = new WebSocket(url, options);
    this.socket.binaryType = 'nodebuffer';
    this.messages = [];
    this.waiting = [];
    const next = (entry) => (this.waiting.length ? this.waiting.shift()(entry) : this.messages.push(entry));
    this.socket.on('message', (data, isBinary) => next(isBinary ? data : data.toString()));
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => resolve(code));
      this.socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      this.socket.on('error', () => {});
    });
  }

  static async open(url, options) {
    const socket = new Socket(url, options);
    await new Promise((resolve, reject) => {
      socket.socket.once('open', resolve);
      socket.closed.then((code) => reject(new Error(`closed with ${code}`)));
    });
    return socket;
  }

  /** The next message, whether it came already or not. */
  next() {
    if (this.messages.length) return Promise.resolve(this.messages.shift());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(...messages) {
    for (const message of messages) this.socket.send(message);
  }
}
