// Codes and secrets that people read from one screen and type at another.

/** A secret in groups of four, as it is easiest to type. */
export const groups = (secret: string): string => secret.replace(/\s+/g, '').replace(/(.{4})(?=.)/g, '$1 ');

/** A code as it is sent: people put spaces into six digits. */
export const tidied = (code: string): string => code.replace(/\s+/g, '');

/** An SVG as the address of an image: nothing in it runs there. */
export const asImage = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/** The file with recovery codes: says whose they are and what they are for. */
export function recoveryFile(codes: string[], email: string, where: string, at: Date): string {
  const day = at.toISOString().slice(0, 10);
  const head = [
    `Recovery codes for ${email} at ${where}, ${day}`,
    'Each signs in once, in place of the code from the authenticator app.',
  ];
  return `${[...head, '', ...codes].join('\n')}\n`;
}
