// What the API says about accounts. Those that docs/openapi.json describes already are aliases; the others are written
// by hand until it does, and become aliases then: this file is all that changes.
import type { components } from './schema';

type Schemas = components['schemas'];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type SignInEntry = Schemas['SignIn'];
export type Identity = Schemas['Identity'];
export type Providers = Schemas['Providers'];

/** `GET /api/v1/audit`. */
export type AuditEntry = Page_Entry & {
  /** Who did it, where that is not the account itself. */
  by?: string | null;
  /** What is worth knowing beside it. */
  detail?: string | null;
};
type Page_Entry = Schemas['Page_Entry']['items'][number];

export type Role = 'owner' | 'admin' | 'member';

/** `GET /api/v1/users`. */
export interface UserRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  email_verified: boolean;
  created_at: string;
  disabled_at: string | null;
  second_factor: boolean;
  last_seen_at?: string | null;
}

/** `GET /api/v1/invitations`. */
export interface Invitation {
  id: string;
  email: string;
  role: Role;
  created_at: string;
  expires_at: string;
  invited_by: { id: string; name: string } | null;
}

/** `POST /api/v1/auth/invitation`. */
export interface InvitationSeen {
  email: string;
  invited_by: string | null;
  expires_at: string;
}

/** `GET /api/v1/auth/second-factor`. */
export interface SecondFactor {
  enabled: boolean;
  enabled_at: string | null;
  recovery_codes_left: number;
}

/** `POST /api/v1/auth/second-factor`: begun, and not confirmed yet. */
export interface Enrolment {
  secret: string;
  uri: string;
  qr_svg: string;
}

/** Shown once. */
export interface RecoveryCodes {
  recovery_codes: string[];
}
