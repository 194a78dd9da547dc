// A device in words, from the way it names itself. A guess for people to recognise their own; nothing depends on it.

const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?(?:iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];

// Order matters: phones name the systems of computers too.
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/** The longest name of an unknown client that is shown, in characters. */
const LONGEST = 40;

const match = (words: [RegExp, string][], agent: string): string | undefined =>
  words.find(([pattern]) => pattern.test(agent))?.[1];

/** `Firefox on Linux`, `Safari on iPhone`; the first word for what is no browser, such as `curl/8.5.0`. */
export function device(agent: string): string {
  const browser = match(BROWSERS, agent);
  const system = match(SYSTEMS, agent);
  if (browser && system) return `${browser} on ${system}`;
  if (browser ?? system) return browser ?? `A browser on ${system}`;
  const [first = ''] = agent.trim().split(/\s+/);
  if (!first) return 'A device that does not name itself';
  return first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first;
}
