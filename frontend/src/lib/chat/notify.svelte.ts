// Notifications of the desktop, once the reader has asked for them.
import type { Message } from '../../socket/protocol';

class Notify {
  /** `unsupported` where the browser has none. */
  permission = $state<NotificationPermission | 'unsupported'>(
    'Notification' in globalThis ? Notification.permission : 'unsupported',
  );

  /** Asks the reader; only ever after a click. */
  async ask(): Promise<void> {
    this.permission = await Notification.requestPermission();
  }

  show(title: string, message: Message, room: string, open: () => void): void {
    const body = `${message.author.name}: ${message.text}`.slice(0, 200);
    this.put(title, body, `tocsin-${room}`, open);
  }

  /** One takes the place of another with the same tag. */
  put(title: string, body: string, tag: string, open: () => void): void {
    if (this.permission !== 'granted') return;
    try {
      const notification = new Notification(title, { body, tag });
      notification.onclick = () => {
        window.focus();
        open();
        notification.close();
      };
    } catch {
      // Some phones have the permission and not the constructor; the unread count says the same.
      this.permission = 'unsupported';
    }
  }
}

export const notify = new Notify();
