// For tests: a server that says what the test has it say.
import type { ServerFrame } from './protocol';

type Frame = Record<string, unknown> & { type: string; id?: number };

export class FakeSocket {
  static readonly OPEN = 1;
  /** Every socket that was opened, the latest last. */
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: Frame[] = [];
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  send(frame: string): void {
    this.sent.push(JSON.parse(frame) as Frame);
  }

  close(): void {
    this.readyState = 3;
  }

  /** The server takes the connection and knows who it is. */
  welcome(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
    this.says({ type: 'welcome', user: { id: 'ada', name: 'Ada' }, session: 's' });
  }

  says(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  ends(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** Requests of a type. */
  asked(type: string): Frame[] {
    return this.sent.filter((frame) => frame.type === type);
  }

  /** Answers the latest request of a type. */
  answers(type: string, fields: Record<string, unknown> = {}): void {
    this.says({ type: 'reply', id: this.asked(type).at(-1)?.id, ok: true, ...fields });
  }

  refuses(type: string, code: string): void {
    const error = { code, detail: `It says ${code}.` };
    this.says({ type: 'reply', id: this.asked(type).at(-1)?.id, ok: false, error });
  }
}
