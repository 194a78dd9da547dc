// Calls whoever sits at this device, if they chose so: by a sound, by a notification of the desktop.
import type { Incident } from './api/types';
import { words } from './calling';
import { notify } from './chat/notify.svelte';
import { router } from './router.svelte';

type Choice = 'sound' | 'desktop';

/** So long no other tab calls for the same incident, in milliseconds. */
const ONCE = 10_000;
/** The tones, each with its height in hertz and its beginning in seconds. */
const TONES = [
  [880, 0],
  [660, 0.22],
] as const;

const nameOf = (choice: Choice): string => `tocsin-call-${choice}`;

function stored(choice: Choice): boolean {
  try {
    return localStorage.getItem(nameOf(choice)) === 'on';
  } catch {
    return false;
  }
}

class Calling {
  #sound = $state(stored('sound'));
  #desktop = $state(stored('desktop'));
  #audio: AudioContext | undefined;

  get sound(): boolean {
    return this.#sound;
  }

  /** What was chosen counts as long as the browser allows it. */
  get desktop(): boolean {
    return this.#desktop && notify.permission === 'granted';
  }

  /** Only ever after a click: the browser lets pages sound that were used. */
  chooseSound(on: boolean): void {
    this.#sound = on;
    store('sound', on);
    // So one knows what it sounds like.
    if (on) this.#ring();
  }

  async chooseDesktop(on: boolean): Promise<void> {
    if (on && notify.permission === 'default') await notify.ask();
    this.#desktop = on;
    store('desktop', on && notify.permission === 'granted');
  }

  call(incident: Incident): void {
    const { title, body } = words(incident);
    // A tab that nobody used yet may not sound, and leaves it to another one.
    if (this.sound && navigator.userActivation?.hasBeenActive !== false)
      once('sound', incident.id, () => this.#ring());
    if (this.desktop)
      once('desktop', incident.id, () =>
        notify.put(title, body, `tocsin-${incident.id}`, () => router.go(`/incidents/${incident.id}`)),
      );
  }

  #ring(): void {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    void audio.resume();
    for (const [height, after] of TONES) {
      const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
      const begin = audio.currentTime + after;
      tone.frequency.value = height;
      loudness.gain.setValueAtTime(0, begin);
      // Without a click at the beginning and the end.
      loudness.gain.linearRampToValueAtTime(0.25, begin + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.001, begin + 0.5);
      tone.connect(loudness).connect(audio.destination);
      tone.start(begin);
      tone.stop(begin + 0.5);
    }
  }
}

function store(choice: Choice, on: boolean): void {
  try {
    if (on) localStorage.setItem(nameOf(choice), 'on');
    else localStorage.removeItem(nameOf(choice));
  } catch {
    // It holds for as long as this page is open.
  }
}

/** Does it in one tab of all that are open, where the browser can tell. */
function once(choice: Choice, incident: string, work: () => void): void {
  if (!('locks' in navigator)) return work();
  void navigator.locks.request(`${nameOf(choice)}-${incident}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    work();
    await new Promise((resolve) => setTimeout(resolve, ONCE));
  });
}

export const calling = new Calling();
