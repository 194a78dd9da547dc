// What the API says about rooms and people, until docs/openapi.json describes it.
import type { RoomKind, User } from '../../socket/protocol';

export interface Person extends User {
  online: boolean;
}

/** `GET /api/v1/rooms`. */
export interface PublicRoom {
  name: string;
  kind: RoomKind;
  topic: string;
  history: 'durable' | 'none';
  member_count: number;
  online_count: number;
}
