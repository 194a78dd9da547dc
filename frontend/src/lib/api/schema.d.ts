export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that verify access tokens (RFC 7517). Choose by `kid`: keys take turns, and the next one is here before it signs. */
        get: operations["jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The page of the API's description */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe the API */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's API keys, oldest first. */
        get: operations["listApiKeys"];
        put?: never;
        /** Makes an API key. The answer is the only one that shows it. */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes one of one's API keys; it is refused from then on. */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description The latest first. For owners and admins.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows by a mailed link that the address of an account is one's own. */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accounts elsewhere that sign one in, oldest first. */
        get: operations["listIdentities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/identities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes one of them. The last way in stays. */
        delete: operations["deleteIdentity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows the invitation of a token. Changes nothing: `POST /api/v1/auth/register` uses it up. */
        post: operations["readInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in. */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the sign-in of a refresh token, from the body or the cookie, and others of the same person if asked to. Needs no access token: that may have expired. */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes one's own name. */
        patch: operations["change_me"];
        trace?: never;
    };
    "/api/v1/auth/me/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one wants to be mailed about. */
        get: operations["getAlertChoice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Chooses what one wants to be mailed about. It holds for what is told from then on. */
        patch: operations["changeAlertChoice"];
        trace?: never;
    };
    "/api/v1/auth/oauth/otp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Completes a sign-in by a provider with a code of the second factor
         * @description The cookie that the callback has set says whose it is, for five minutes. A wrong code leaves it as it is.
         */
        post: operations["completeOAuth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a provider sends the browser back to. Signs in as `login` with `token_transport: cookie` does, or links. */
        get: operations["finishOAuth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth/{provider}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to link an account elsewhere to one's own: where to send this browser. The answer sets a cookie for it. */
        post: operations["linkOAuth"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth/{provider}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sends the browser to a provider, with state, PKCE S256 and, for OpenID Connect, a nonce. */
        get: operations["startOAuth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password. Ends one's other sign-ins unless told not to; the one that asks goes on. */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails a link to choose a new password, if the address has an account. The answer does not say whether it has. */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Chooses a new password by a mailed link. Ends every sign-in of the account. */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The OAuth providers of the sign-in page. */
        get: operations["providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trades a refresh token, from the body or the cookie, for a new pair. */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an account and signs in. With the token of an invitation it has the invited address and its role. */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells whether one's own account has a second factor */
        get: operations["getSecondFactor"];
        put?: never;
        /**
         * Begins a second factor
         * @description Makes a secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). Nothing is asked for until a code
         *     of it was confirmed; beginning again makes another.
         */
        post: operations["beginSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirms a second factor with the first code of the app
         * @description From now on signing in takes a code.
         */
        post: operations["confirmSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switches the second factor off */
        post: operations["disableSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes other recovery codes; those before end */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's sign-ins, the last used first. */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of one's sign-ins: its refresh token, its access tokens and its sockets, at once. */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ws-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a ticket that opens one websocket as `/ws/alerts?ticket=…`, for clients that can set no header. It works once. */
        post: operations["createTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dev/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mails that were written
         * @description Newest first. In the development profile only.
         */
        get: operations["listDevMails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dev/mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one mail that was written
         * @description In the development profile only.
         */
        get: operations["getDevMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List documents
         * @description By their time, newest first unless asked otherwise.
         */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Post documents
         * @description One object, an array, or one object a line. All of a request is stored or none of it is, and 201 means that it is on
         *     disk. A document whose `id` is known already is counted as a duplicate and changes nothing.
         */
        post: operations["postDocuments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the types of documents
         * @description Each with the number of its documents.
         */
        get: operations["listDocumentTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one document */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List exports
         * @description Your own, newest first.
         */
        get: operations["listExports"];
        put?: never;
        /**
         * Ask for a file
         * @description Documents of one type or of any, as CSV, an Excel workbook or NDJSON. It is written in the background, from one state
         *     of the store: what comes or changes meanwhile is not in it. `GET` tells how far it is, `/ws/alerts` too.
         */
        post: operations["createExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what a file would hold
         * @description Its first 50 rows, as CSV would have them. Nothing is stored.
         */
        post: operations["previewExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one export */
        get: operations["getExport"];
        put?: never;
        post?: never;
        /**
         * Cancel an export, or remove its file
         * @description One that waits or runs is cancelled. One that is over is removed: its file is gone, and its link opens nothing any more.
         */
        delete: operations["deleteExport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents
         * @description Newest first.
         */
        get: operations["listIncidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one incident */
        get: operations["getIncident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say "I am on it"
         * @description The first name stays; saying it again changes nothing.
         */
        post: operations["acknowledgeIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/notifications/{notification}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again
         * @description One that was given up, because it was refused for good or tried too often: it is due at once, and its tries count
         *     from none. For owners and admins, and for keys with `rules:write`.
         */
        post: operations["retryNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the invitations that wait, the oldest first */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Invites somebody
         * @description Mails the address a link to make an account, which works once. A second invitation of an address ends the first. To
         *     invite an admin takes an owner.
         */
        post: operations["invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraws an invitation; its link is refused from then on */
        delete: operations["withdrawInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists people, those first who came first; what others see of them, and not their addresses */
        get: operations["listPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists groups, by name; with `mine` the rooms that the person who asks is a member of, with what is unread */
        get: operations["listRooms"];
        put?: never;
        /** Makes a group */
        post: operations["createRoom"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads a room */
        get: operations["getRoom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Sets what a group is about */
        patch: operations["changeRoom"];
        trace?: never;
    };
    "/api/v1/rooms/{room}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the members of a room, by name */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{room}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads what was said, in its order; the latest when neither `before` nor `after` is given
         * @description `next_cursor` leads to older messages.
         */
        get: operations["listMessages"];
        put?: never;
        /**
         * Says something
         * @description A person must have joined the room; a service speaks in groups, by its key's name.
         */
        post: operations["postMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rules
         * @description By name.
         */
        get: operations["listRules"];
        put?: never;
        /**
         * Make a rule
         * @description It watches at once, and counts what is stored already. For owners and admins, and for keys with `rules:write`.
         */
        post: operations["createRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a rule on what is stored
         * @description The same state machine that watches, moved by the time of the documents: judged once for each instant at which
         *     something counts or stops counting. Nothing is stored and nobody is told.
         */
        post: operations["previewRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one rule */
        get: operations["getRule"];
        put?: never;
        post?: never;
        /**
         * Remove a rule
         * @description What it has open is resolved; its incidents stay.
         */
        delete: operations["deleteRule"];
        options?: never;
        head?: never;
        /**
         * Change a rule
         * @description By a JSON merge patch (RFC 7396): what is left out stays, and `null` takes an optional field away; `where` and
         *     `measure` are replaced whole. The changed rule takes over from the documents that are stored, without a gap; an
         *     incident that is open goes on when its value is over the new line, and is resolved when not.
         */
        patch: operations["changeRule"];
        trace?: never;
    };
    "/api/v1/rules/{id}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the value of a rule over time
         * @description The measure over the rule's window at each instant, from the documents.
         */
        get: operations["getRuleSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List silences
         * @description Those that are or will be, and those that ended within the last week, in the order in which they were made.
         */
        get: operations["listSilences"];
        put?: never;
        /**
         * Make a silence
         * @description Of one rule or of all, of one group or of all; once, or every week. What rings meanwhile is an incident on every
         *     dashboard, and nobody is told; what still rings at the end is told then, once. For owners and admins, and for keys with
         *     `rules:write`.
         */
        post: operations["createSilence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a silence back
         * @description What rang in it and still rings is told now.
         */
        delete: operations["deleteSilence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists accounts, the oldest first
         * @description For owners and admins.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads an account
         * @description For owners and admins.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes what somebody may do, or whether they come in at all
         * @description An admin disables and enables members; roles, and anything about admins and owners, are for owners. Whoever is
         *     disabled or gets a lesser role is signed out everywhere at once; the API keys of a disabled account are refused. A
         *     greater role counts from the next refresh on.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/users/{id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes the second factor of somebody who has lost the app and the recovery codes
         * @description An admin does so for members, an owner for everybody else. Make sure who asks for it.
         */
        delete: operations["removeSecondFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends every sign-in of somebody, their access tokens and sockets, at once
         * @description An admin does so for members, an owner for everybody.
         */
        delete: operations["endSessionsOf"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/d/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open a file
         * @description For whoever has the link, without an account, until it expires. Where files are kept in object storage, this leads
         *     there.
         */
        get: operations["openExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the process runs */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell the numbers
         * @description In the text format of Prometheus.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the server can work */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The answer to a post.
         * @example {
         *       "accepted": 1,
         *       "duplicates": 0,
         *       "ids": [
         *         "checkout-4711"
         *       ]
         *     }
         */
        Accepted: {
            /**
             * Format: int64
             * @description Documents stored.
             */
            accepted: number;
            /**
             * Format: int64
             * @description Documents whose id was known already.
             */
            duplicates: number;
            /** @description The ids of the documents in the order in which they were sent, at most 1,000. */
            ids: string[];
        };
        /** @description Where to go afterwards. */
        Afterwards: {
            /** @description `/`, or one of `oauth.return_to`, exactly as it is written there. */
            return_to?: string | null;
        };
        /**
         * @description What somebody wants to be mailed about.
         * @example {
         *       "mails": "as_named",
         *       "rules": {
         *         "01a3dc18-7f50-77f0-bace-9f35bfe37b4d": false
         *       }
         *     }
         */
        AlertChoice: {
            /** @description `as_named`: the mails of rules that name one's address, or `@admins` where one is one; `all`: of every rule; `none`. */
            mails: string;
            /** @description Single rules, whatever holds in general: by their ids, whether one wants their mails. */
            rules: {
                [key: string]: boolean;
            };
        };
        /**
         * @description What of it changes.
         * @example {
         *       "mails": "none",
         *       "rules": {
         *         "01a3dc18-7f50-77f0-bace-9f35bfe37b4d": true
         *       }
         *     }
         */
        AlertChoiceChange: {
            /** @description `as_named`, `all` or `none`. */
            mails?: string | null;
            /** @description By the id of a rule: `true`, `false`, or `null` for what holds in general. At most 1,000 in all. */
            rules?: {
                [key: string]: boolean | null;
            };
        };
        /** @description An API key, without the key. */
        ApiKey: {
            /** @description UUIDv7. */
            id: string;
            /** @description What it is called. */
            name: string;
            /** @description What it may be used for. */
            scopes: string[];
            /** @description How the key begins. */
            prefix: string;
            /** @description RFC 3339, UTC. */
            created_at: string;
            /** @description RFC 3339, UTC, to the minute. */
            last_used_at?: string | null;
            /** @description RFC 3339, UTC. */
            expires_at?: string | null;
        };
        /** @description Who said something. */
        Author: {
            /** @description A user, or the API key of a service; empty for the system. */
            id: string;
            /**
             * @description What others see.
             * @example Ada
             */
            name: string;
        };
        /** @description How one dependency is. Why, the log says. */
        CheckStatus: {
            /** @description `ok` or `down`. */
            status: components["schemas"]["Status"];
        };
        /** @description What the app shows. */
        Code: {
            /**
             * @description Six digits, or a recovery code.
             * @example 123456
             */
            otp: string;
        };
        /** @description Who signs in. */
        Credentials: {
            /**
             * @description The address.
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
            /**
             * @description Where the account has a second factor: six digits of the app, or a recovery code.
             * @example 123456
             */
            otp?: string | null;
            token_transport?: components["schemas"]["Transport"] | null;
        };
        /** @description How CSV is written. */
        CsvStyle: {
            /**
             * @description Between two fields: `,` `;` `|` or a tab.
             * @default ,
             */
            delimiter: string;
            /** @description Whether a byte order mark comes first, by which Excel knows UTF-8. */
            bom?: boolean;
        };
        /** @description Where to send the browser. */
        Destination: {
            /** @description The provider's page. */
            url: string;
        };
        /**
         * @description A document: these members, and any others.
         * @example {
         *       "amount": 12.5,
         *       "at": "2026-11-24T07:47:47.123Z",
         *       "id": "019ab1c2-9f3e-7c1a-8f53-0a1b2c3d4e5f",
         *       "message": "card declined",
         *       "type": "error"
         *     }
         */
        Document: {
            /** @description What kind of thing it is. */
            type: string;
            /** @description Makes a repeat harmless: the first document with an id stays. 1 to 128 visible ASCII characters; a UUIDv7 when left out. */
            id?: string;
            /**
             * Format: date-time
             * @description When it happened: RFC 3339, or milliseconds since 1970 when posted; the time of receipt when left out.
             */
            at?: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A secret that waits to be confirmed; shown once. */
        Enrolment: {
            /**
             * @description In Base32, to be typed into an app.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /**
             * @description For an app on the same device.
             * @example otpauth://totp/…
             */
            uri: string;
            /** @description The URI as a QR code, an image in SVG. */
            qr_svg: string;
        };
        /** @description One thing that happened. */
        Entry: {
            /** @description UUIDv7. */
            id: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * @description What.
             * @example signed_in
             */
            event: string;
            /** @description Whose account; `null` when there is none. */
            user_id?: string | null;
            /** @description Who did it, where that is not the account itself. */
            by?: string | null;
            /** @description What is worth knowing beside it, such as `member to admin`. */
            detail?: string | null;
            /** @description Which sign-in. */
            session_id?: string | null;
            /** @description From which address. */
            ip: string;
            /** @description With which client, as it names itself. */
            user_agent: string;
            /** @description The request, as in the server's log. */
            request_id: string;
        };
        /** @description An export. */
        Export: components["schemas"]["NewExport"] & {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description `queued`, `running`, `done`, `failed` or `cancelled`. */
            status: string;
            /** @description How far it is. */
            progress: components["schemas"]["ExportProgress"];
            /**
             * Format: int64
             * @description Documents in the file; `null` before it is done.
             */
            rows?: number | null;
            /**
             * Format: int64
             * @description The size of the file in bytes; `null` before it is done.
             */
            bytes?: number | null;
            /** @description SHA-256 of the file, in hexadecimal; `null` before it is done. */
            sha256?: string | null;
            /** @description What a download is called. */
            file_name: string;
            /** @description The link: whoever has it may open the file, until it expires. `null` while there is no file. */
            url?: string | null;
            /**
             * Format: date-time
             * @description When the link ends and the file is removed; `null` before it is done.
             */
            expires_at?: string | null;
            /** @description Why it failed; `null` when it did not. */
            error?: string | null;
            /** @description What could not be written as it was sent, in words. */
            warnings: string[];
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it was begun.
             */
            started_at?: string | null;
            /**
             * Format: date-time
             * @description When it was over.
             */
            ended_at?: string | null;
        };
        /**
         * @description A column.
         * @example customer.city
         */
        ExportField: string | components["schemas"]["NamedExportField"];
        /** @description How far an export is. */
        ExportProgress: {
            /**
             * Format: int64
             * @description Documents that are written.
             */
            rows: number;
            /**
             * Format: int64
             * @description Documents in all; `null` before they are counted.
             */
            total?: number | null;
        };
        /** @description The first rows of a file. */
        ExportSample: {
            /** @description The columns that these rows have. */
            columns: string[];
            /** @description The first rows, at most 50; `null` where a document has nothing. */
            rows: (string | null)[][];
            /**
             * Format: int64
             * @description Rows of the whole file; `null` where it would have to be read for that.
             */
            total?: number | null;
        };
        /**
         * @description How many.
         * @example 1000
         */
        ExportSize: number | string;
        /** @description One thing that is wrong with the input. */
        FieldError: {
            /**
             * @description A JSON pointer into the body (RFC 6901), or the name of a query parameter or header.
             * @example /3/type
             */
            path: string;
            /**
             * @description What is wrong with it, in a sentence.
             * @example must be 1 to 64 characters of A-Z a-z 0-9 _ . -
             */
            message: string;
        };
        /**
         * @description One condition on one field.
         * @example {
         *       "field": "customer.city",
         *       "op": "=",
         *       "value": "Lyon"
         *     }
         */
        Filter: {
            /**
             * @description The field, by its path: `amount`, `customer.city`, `items.0.price`; also `type` and `id`. A point that belongs to
             *     a name is written `\.`.
             */
            field: string;
            /** @description `=` `!=` `>` `>=` `<` `<=` `in` `contains` `exists`. */
            op: string;
            /**
             * @description To compare with: a text, a number, `true`, `false` or `null`; for `in` a list of up to 100 of them; for `exists`
             *     `true` or `false`.
             */
            value: unknown;
        };
        /** @description Who has forgotten a password. */
        Forgotten: {
            /**
             * @description The address.
             * @example ada@example.org
             */
            email: string;
        };
        /** @description An account at a provider that signs one in. */
        Identity: {
            /** @description UUIDv7. */
            id: string;
            /** @description The provider, as it was called when this was linked. */
            provider: string;
            /** @description Who says so. */
            issuer: string;
            /** @description The number there. */
            subject: string;
            /** @description The address there when this was linked. */
            email?: string | null;
            /** @description RFC 3339, UTC. */
            created_at: string;
        };
        /** @description One ringing of one rule. */
        Incident: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description The rule that rang.
             */
            rule_id: string;
            /**
             * @description Its name when it rang.
             * @example errors-last-minute
             */
            rule_name: string;
            /**
             * @description `firing` or `resolved`.
             * @example firing
             */
            state: string;
            /** @description The name of who said "I am on it". */
            acknowledged_by?: string | null;
            /**
             * Format: double
             * @description The value now; once resolved, the value at which it came back.
             * @example 51
             */
            value: number;
            /**
             * Format: double
             * @description The furthest value over the line.
             * @example 51
             */
            peak: number;
            /**
             * Format: double
             * @description The line when it rang.
             * @example 50
             */
            threshold: number;
            /**
             * Format: date-time
             * @description When the line was crossed.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When the value came back; `null` while it rings.
             */
            resolved_at?: string | null;
            /** @description The group, for rules that have groups. */
            group?: string | null;
            /** @description It began while it was silent, and people are not told yet; they are at the end of the silence, if it rings then. */
            silenced: boolean;
            /**
             * Format: int64
             * @description Rises with every change of any incident; what `resume` of the websocket counts by.
             */
            seq: number;
            /** @description What was sent, to whom, and how that went. */
            notifications: components["schemas"]["Notification"][];
        };
        /**
         * @description An instant.
         * @example 2026-11-26T00:00:00Z
         */
        Instant: number | string;
        /** @description An invitation that waits. */
        Invitation: {
            /** @description UUIDv7. */
            id: string;
            /** @description The address. */
            email: string;
            /** @description `member` or `admin`. */
            role: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; from when on it is refused.
             */
            expires_at: string;
            invited_by?: components["schemas"]["Inviter"] | null;
        };
        /** @description The token of an invitation. */
        InvitationToken: {
            /** @description What stands behind `#token=` in the link. */
            token: string;
        };
        /** @description Who invites. */
        Inviter: {
            /** @description UUIDv7. */
            id: string;
            /** @description What others see. */
            name: string;
        };
        /** @description A mailed link that shows an address to be one's own. */
        LinkToken: {
            /** @description What stands behind `#token=` in the link. */
            token: string;
        };
        /** @description A mail as it was written. */
        MailBody: components["schemas"]["MailSummary"] & {
            /** @description The sender. */
            from: string;
            /** @description The plain text part. */
            text: string;
            /** @description The HTML part. */
            html: string;
            /** @description Every header, in order. */
            headers: components["schemas"]["MailHeader"][];
        };
        /** @description A header of a mail. */
        MailHeader: {
            /** @description Its name. */
            name: string;
            /** @description Its value, unfolded. */
            value: string;
        };
        /** @description A line of the list. */
        MailSummary: {
            /** @description Its id. */
            id: string;
            /** @description The recipient. */
            to: string;
            /** @description The subject. */
            subject: string;
            /**
             * Format: date-time
             * @description When it was written.
             */
            at: string;
        };
        /** @description What one may change of oneself. */
        MeChange: {
            /** @description What others see. */
            name: string;
        };
        /** @description What is measured over the window. */
        Measure: {
            /**
             * @description `count` of the documents; or of the numbers in `field`: `sum`, `avg`, `min`, `max`, `p95`.
             * @example count
             */
            kind: string;
            /** @description The field that holds the numbers. */
            field?: string | null;
            /** @description Whether the value is near the true one (within 1 %) rather than exact. */
            approximate: boolean;
        };
        /** @description Somebody who belongs to a room. */
        Member: {
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /** @description What others see. */
            name: string;
            /** @description Whether they are in the room now. */
            online: boolean;
            /**
             * Format: date-time
             * @description Since when they belong to it.
             */
            joined_at: string;
        };
        /** @description A message as it is now. */
        Message: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Who said it. */
            author: components["schemas"]["Author"];
            /** @description What; empty once it was taken back. */
            text: string;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            at: string;
            /** @description What its sender calls it. */
            client_id?: string | null;
            /** @description Whom it calls. */
            mentions?: string[];
            /**
             * Format: date-time
             * @description When its text was last changed.
             */
            edited_at?: string | null;
            /** @description Whether it was taken back. */
            deleted?: boolean;
            /** @description Reactions, those first that came first. */
            reactions?: components["schemas"]["Reaction"][];
            /** @description `service` or `system`, where no person speaks. */
            kind?: string | null;
        };
        /** @description A column under a name of its own. */
        NamedExportField: {
            /** @description The path of the field. */
            field: string;
            /** @description What the column is called. */
            name: string;
        };
        /** @description An account that is to be made. */
        NewAccount: {
            /**
             * @description The address; unique without regard to case. May be left out with an invitation, whose address counts.
             * @example ada@example.org
             */
            email?: string | null;
            /**
             * Format: password
             * @description At least 8 characters in development, 15 in production.
             */
            password: string;
            /**
             * @description What others see.
             * @example Ada
             */
            name: string;
            /** @description The token of an invitation, from behind `#token=` in its link. */
            invitation?: string | null;
            token_transport?: components["schemas"]["Transport"] | null;
        };
        /** @description An API key that is to be made. */
        NewApiKey: {
            /**
             * @description What it is called.
             * @example checkout service
             */
            name: string;
            /**
             * @description What it may be used for.
             * @example [
             *       "documents:write"
             *     ]
             */
            scopes: string[];
            /** @description RFC 3339; from when on it is refused. */
            expires_at?: string | null;
        };
        /**
         * @description An export as it is asked for.
         * @example {
         *       "format": "xlsx",
         *       "size": 1000,
         *       "type": "order"
         *     }
         */
        NewExport: {
            /**
             * @description The type of the documents, or `any`.
             * @example order
             */
            type: string;
            /** @description At most so many, the first in the order; or `all`. */
            size?: components["schemas"]["ExportSize"];
            /** @description `csv`, `xlsx` or `ndjson`. */
            format: string;
            /**
             * @description Which fields, in this order: paths such as `customer.city`, or objects that also name the column. Also `id`, `type`
             *     and `at`. All fields that the documents have, when left out.
             */
            fields?: components["schemas"]["ExportField"][] | null;
            from?: components["schemas"]["Instant"] | null;
            to?: components["schemas"]["Instant"] | null;
            /** @description All of these must hold for a document; at most 16. */
            where?: components["schemas"]["Filter"][];
            /**
             * @description By time: `asc` for oldest first, `desc` for newest first.
             * @default asc
             */
            order: string;
            csv?: components["schemas"]["CsvStyle"] | null;
            /** @description `gzip` for a compressed file. */
            compression?: string | null;
        };
        /** @description Who is to be invited. */
        NewInvitation: {
            /**
             * @description The address; the account will have it.
             * @example ada@example.org
             */
            email: string;
            /** @description `member` or `admin`; `member` if left out. */
            role?: string | null;
        };
        /** @description What is measured over the window. */
        NewMeasure: {
            /** @description `count` of the documents; or of the numbers in `field`: `sum`, `avg`, `min`, `max` (exact), `p95` (within 1 %). */
            kind: string;
            /** @description The field that holds the numbers, for all but `count`. */
            field?: string | null;
        };
        /** @description Something to be said. */
        NewMessage: {
            /**
             * @description 1 to 8,000 characters.
             * @example deployed 1.2.3
             */
            text: string;
            /**
             * @description Up to 64 characters. The same of the same sender in the same room again is the same message, for good.
             * @example deploy-1.2.3
             */
            client_id?: string | null;
            /** @description Users whom it calls, up to 50. */
            mentions?: string[];
        };
        /** @description Who is told. */
        NewNotify: {
            /**
             * @description Addresses, or `@admins` for every owner and admin; at most 50.
             * @example [
             *       "@admins"
             *     ]
             */
            emails?: string[];
            /** @description The group where it is said; made when it is missing. */
            room?: string | null;
            /**
             * @description The address of a server that is told by a signed request; see docs/alerts.md. It is shown whole to those alone who
             *     may change it.
             * @example https://example.org/hook
             */
            webhook?: string | null;
        };
        /** @description A group that is to be made. */
        NewRoom: {
            /**
             * @description 1 to 64 of `a-z 0-9 _ -`, the first a letter or a digit; not beginning with `dm-`.
             * @example ops
             */
            name?: string | null;
            /** @description Another word for `name`, as sockets have it. */
            room?: string | null;
            /** @description What it is about, up to 200 characters. */
            topic?: string | null;
            /**
             * @description `durable`, or `none` to keep nothing.
             * @example durable
             */
            history?: string | null;
        };
        /**
         * @description A rule as it is asked for.
         * @example {
         *       "comparison": ">",
         *       "measure": {
         *         "field": "amount",
         *         "kind": "sum"
         *       },
         *       "name": "orders-above-10000",
         *       "notify": {
         *         "emails": [
         *           "@admins"
         *         ]
         *       },
         *       "threshold": 10000,
         *       "type": "order",
         *       "window_seconds": 60
         *     }
         */
        NewRule: {
            /** @description Its id, where it is changed; it cannot be another one. */
            id?: string | null;
            /** @description What people call it; 1 to 100 characters, unique. */
            name: string;
            /**
             * @description The type of the documents that are watched, or `any`.
             * @example order
             */
            type: string;
            /** @description All of these must hold for a document; at most 16. */
            where?: components["schemas"]["Filter"][];
            /** @description What is measured; `count` when left out. */
            measure?: components["schemas"]["NewMeasure"];
            /**
             * Format: int64
             * @description The length of the window in seconds.
             * @default 60
             */
            window_seconds: number;
            /**
             * @description On which side of the threshold it rings.
             * @default >
             */
            comparison: string;
            /**
             * Format: double
             * @description The line, in the unit of the measure; up to 15 digits that count.
             */
            threshold: number;
            /**
             * Format: double
             * @description The value at which it has recovered; not over the line, when left out.
             */
            recover_at?: number | null;
            /**
             * Format: int64
             * @description So long without a break it must be over the line before it rings.
             * @default 0
             */
            for_seconds: number;
            /**
             * Format: int64
             * @description So long without a break it must have recovered before the ringing ends.
             * @default 0
             */
            keep_firing_seconds: number;
            /** @description A field: each of its values has a window, and incidents, of its own. */
            group_by?: string | null;
            /**
             * Format: int64
             * @description So often all of them are told again while it rings and nobody has said "I am on it"; never when left out.
             */
            repeat_seconds?: number | null;
            /** @description Who is told; nobody but the dashboards, when left out. */
            notify?: components["schemas"]["NewNotify"];
            /**
             * @description A rule that is switched off does not watch.
             * @default true
             */
            enabled: boolean;
        };
        /**
         * @description A silence as it is asked for: `until` for one of once, or `weekly`.
         * @example {
         *       "comment": "we move the database",
         *       "until": "2026-11-24T10:00:00Z"
         *     }
         */
        NewSilence: {
            /**
             * Format: uuid
             * @description Of one rule; of every rule, when left out.
             */
            rule_id?: string | null;
            /** @description Of one group; of all, when left out. */
            group?: string | null;
            /**
             * Format: date-time
             * @description When it begins: RFC 3339; now when left out.
             */
            from?: string | null;
            /**
             * Format: date-time
             * @description When it ends, at most 366 days later.
             */
            until?: string | null;
            weekly?: components["schemas"]["Weekly"] | null;
            /** @description Why; up to 200 characters. */
            comment?: string | null;
        };
        /** @description One message to one recipient. */
        Notification: {
            /**
             * Format: uuid
             * @description Its id, for sending it again.
             */
            id: string;
            /**
             * @description `email`, `room` or `webhook`.
             * @example email
             */
            channel: string;
            /**
             * @description The recipient.
             * @example ops@example.com
             */
            to: string;
            /**
             * @description Which change it tells of: `firing`, `reminder` or `resolved`.
             * @example firing
             */
            transition: string;
            /**
             * @description `pending`, `sent`, or `dead` when it was given up.
             * @example sent
             */
            state: string;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            attempts: number;
            /** @description Why the last try failed. */
            last_error?: string | null;
        };
        /** @description Who is told. */
        Notify: {
            /**
             * @description Addresses, or `@admins` for every owner and admin.
             * @example [
             *       "@admins"
             *     ]
             */
            emails: string[];
            /**
             * @description The group where it is said.
             * @example incidents
             */
            room?: string | null;
            /**
             * @description The address of a server that is told; without what follows the host for those who may not change it.
             * @example https://example.org/hook
             */
            webhook?: string | null;
        };
        /** @description It will be seen to. Says the same whoever asks. */
        OnItsWay: {
            /** @description A sentence for people. */
            detail: string;
        };
        /** @description A code of the second factor, for a sign-in that waits for it. */
        Otp: {
            /**
             * @description Six digits of the app, or a recovery code.
             * @example 123456
             */
            otp: string;
            token_transport?: components["schemas"]["Transport"] | null;
        };
        /** @description A page of a list. */
        Page_ApiKey: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /** @description What it is called. */
                name: string;
                /** @description What it may be used for. */
                scopes: string[];
                /** @description How the key begins. */
                prefix: string;
                /** @description RFC 3339, UTC. */
                created_at: string;
                /** @description RFC 3339, UTC, to the minute. */
                last_used_at?: string | null;
                /** @description RFC 3339, UTC. */
                expires_at?: string | null;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Document: {
            /** @description What is on it. */
            items: ({
                /** @description What kind of thing it is. */
                type: string;
                /** @description Makes a repeat harmless: the first document with an id stays. 1 to 128 visible ASCII characters; a UUIDv7 when left out. */
                id?: string;
                /**
                 * Format: date-time
                 * @description When it happened: RFC 3339, or milliseconds since 1970 when posted; the time of receipt when left out.
                 */
                at?: string;
            } & {
                [key: string]: unknown;
            })[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Entry: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /**
                 * Format: date-time
                 * @description When.
                 */
                at: string;
                /**
                 * @description What.
                 * @example signed_in
                 */
                event: string;
                /** @description Whose account; `null` when there is none. */
                user_id?: string | null;
                /** @description Who did it, where that is not the account itself. */
                by?: string | null;
                /** @description What is worth knowing beside it, such as `member to admin`. */
                detail?: string | null;
                /** @description Which sign-in. */
                session_id?: string | null;
                /** @description From which address. */
                ip: string;
                /** @description With which client, as it names itself. */
                user_agent: string;
                /** @description The request, as in the server's log. */
                request_id: string;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Export: {
            /** @description What is on it. */
            items: (components["schemas"]["NewExport"] & {
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /** @description `queued`, `running`, `done`, `failed` or `cancelled`. */
                status: string;
                /** @description How far it is. */
                progress: components["schemas"]["ExportProgress"];
                /**
                 * Format: int64
                 * @description Documents in the file; `null` before it is done.
                 */
                rows?: number | null;
                /**
                 * Format: int64
                 * @description The size of the file in bytes; `null` before it is done.
                 */
                bytes?: number | null;
                /** @description SHA-256 of the file, in hexadecimal; `null` before it is done. */
                sha256?: string | null;
                /** @description What a download is called. */
                file_name: string;
                /** @description The link: whoever has it may open the file, until it expires. `null` while there is no file. */
                url?: string | null;
                /**
                 * Format: date-time
                 * @description When the link ends and the file is removed; `null` before it is done.
                 */
                expires_at?: string | null;
                /** @description Why it failed; `null` when it did not. */
                error?: string | null;
                /** @description What could not be written as it was sent, in words. */
                warnings: string[];
                /**
                 * Format: date-time
                 * @description When it was asked for.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When it was begun.
                 */
                started_at?: string | null;
                /**
                 * Format: date-time
                 * @description When it was over.
                 */
                ended_at?: string | null;
            })[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Identity: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /** @description The provider, as it was called when this was linked. */
                provider: string;
                /** @description Who says so. */
                issuer: string;
                /** @description The number there. */
                subject: string;
                /** @description The address there when this was linked. */
                email?: string | null;
                /** @description RFC 3339, UTC. */
                created_at: string;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Incident: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /**
                 * Format: uuid
                 * @description The rule that rang.
                 */
                rule_id: string;
                /**
                 * @description Its name when it rang.
                 * @example errors-last-minute
                 */
                rule_name: string;
                /**
                 * @description `firing` or `resolved`.
                 * @example firing
                 */
                state: string;
                /** @description The name of who said "I am on it". */
                acknowledged_by?: string | null;
                /**
                 * Format: double
                 * @description The value now; once resolved, the value at which it came back.
                 * @example 51
                 */
                value: number;
                /**
                 * Format: double
                 * @description The furthest value over the line.
                 * @example 51
                 */
                peak: number;
                /**
                 * Format: double
                 * @description The line when it rang.
                 * @example 50
                 */
                threshold: number;
                /**
                 * Format: date-time
                 * @description When the line was crossed.
                 */
                started_at: string;
                /**
                 * Format: date-time
                 * @description When the value came back; `null` while it rings.
                 */
                resolved_at?: string | null;
                /** @description The group, for rules that have groups. */
                group?: string | null;
                /** @description It began while it was silent, and people are not told yet; they are at the end of the silence, if it rings then. */
                silenced: boolean;
                /**
                 * Format: int64
                 * @description Rises with every change of any incident; what `resume` of the websocket counts by.
                 */
                seq: number;
                /** @description What was sent, to whom, and how that went. */
                notifications: components["schemas"]["Notification"][];
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Invitation: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /** @description The address. */
                email: string;
                /** @description `member` or `admin`. */
                role: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC; from when on it is refused.
                 */
                expires_at: string;
                invited_by?: components["schemas"]["Inviter"] | null;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_MailSummary: {
            /** @description What is on it. */
            items: {
                /** @description Its id. */
                id: string;
                /** @description The recipient. */
                to: string;
                /** @description The subject. */
                subject: string;
                /**
                 * Format: date-time
                 * @description When it was written.
                 */
                at: string;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Member: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: uuid
                 * @description Who.
                 */
                id: string;
                /** @description What others see. */
                name: string;
                /** @description Whether they are in the room now. */
                online: boolean;
                /**
                 * Format: date-time
                 * @description Since when they belong to it.
                 */
                joined_at: string;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_PlacedMessage: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: int64
                 * @description Its place in the room.
                 */
                seq: number;
                /** @description The message. */
                message: components["schemas"]["Message"];
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Room: {
            /** @description What is on it. */
            items: {
                /**
                 * @description Its name.
                 * @example ops
                 */
                name: string;
                /** @description Its name, as sockets call it. */
                room: string;
                /** @description `group` or `direct`. */
                kind: string;
                /** @description What it is about. */
                topic: string;
                /** @description `durable` or `none`. */
                history: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at?: string | null;
                /** @description Which counting `seq` belongs to. */
                epoch: string;
                /**
                 * Format: int64
                 * @description The number of the last message or change.
                 */
                seq: number;
                /** @description People who are there now. */
                online_count: number;
                /**
                 * Format: int64
                 * @description Up to where whoever asks has read.
                 */
                read_seq?: number | null;
                /**
                 * Format: int64
                 * @description Messages of others after that; counting stops at 1000.
                 */
                unread?: number | null;
                /**
                 * Format: date-time
                 * @description When something was last said.
                 */
                last_at?: string | null;
                with?: components["schemas"]["Somebody"] | null;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Rule: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /**
                 * @description What people call it; unique.
                 * @example errors-last-minute
                 */
                name: string;
                /**
                 * @description The type of the documents that are watched, or `any`.
                 * @example error
                 */
                type: string;
                /** @description All of these must hold for a document. */
                where: components["schemas"]["Filter"][];
                /** @description What is measured. */
                measure: components["schemas"]["Measure"];
                /**
                 * Format: int64
                 * @description The length of the window in seconds.
                 * @example 60
                 */
                window_seconds: number;
                /**
                 * @description On which side of the threshold it rings.
                 * @example >
                 */
                comparison: string;
                /**
                 * Format: double
                 * @description The line, in the unit of the measure.
                 * @example 50
                 */
                threshold: number;
                /**
                 * Format: double
                 * @description The value at which it has recovered; not over the line, when there is none.
                 * @example 40
                 */
                recover_at?: number | null;
                /**
                 * Format: int64
                 * @description So long without a break it must be over the line before it rings.
                 * @example 0
                 */
                for_seconds: number;
                /**
                 * Format: int64
                 * @description So long without a break it must have recovered before the ringing ends.
                 * @example 0
                 */
                keep_firing_seconds: number;
                /**
                 * @description A field: each of its values has a window, and incidents, of its own.
                 * @example customer.city
                 */
                group_by?: string | null;
                /**
                 * Format: int64
                 * @description So often all of them are told again while it rings and nobody has said "I am on it".
                 * @example 3600
                 */
                repeat_seconds?: number | null;
                /** @description Who is told. */
                notify: components["schemas"]["Notify"];
                /** @description A rule that is switched off does not watch. */
                enabled: boolean;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_SignIn: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /** @description When they signed in: RFC 3339, UTC. */
                created_at: string;
                /** @description When its refresh token was last used: RFC 3339, UTC. */
                last_used_at: string;
                /** @description The address it signed in from. */
                ip: string;
                /** @description As the device names itself. */
                user_agent: string;
                /** @description Whether this request comes from it. */
                current: boolean;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Silence: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: uuid
                 * @description Its id.
                 */
                id: string;
                /**
                 * Format: uuid
                 * @description Of which rule; of every rule, when `null`.
                 */
                rule_id?: string | null;
                /** @description Of which group; of all, when `null`. */
                group?: string | null;
                /**
                 * Format: date-time
                 * @description When it begins; `null` for one that comes every week.
                 */
                from?: string | null;
                /**
                 * Format: date-time
                 * @description When it ends; `null` for one that comes every week.
                 */
                until?: string | null;
                weekly?: components["schemas"]["Weekly"] | null;
                /** @description Why. */
                comment: string;
                /**
                 * @description Who made it.
                 * @example Ada
                 */
                created_by: string;
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description Until when it is silent now; `null` when it is not.
                 */
                active_until?: string | null;
                /** @description Whether it is over for good. */
                over: boolean;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_Somebody: {
            /** @description What is on it. */
            items: {
                /**
                 * Format: uuid
                 * @description Who.
                 */
                id: string;
                /** @description What others see. */
                name: string;
                /** @description Whether they have a connection to chat. */
                online: boolean;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_TypeCount: {
            /** @description What is on it. */
            items: {
                /** @description The type. */
                type: string;
                /**
                 * Format: int64
                 * @description Its documents.
                 */
                count: number;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A page of a list. */
        Page_UserRow: {
            /** @description What is on it. */
            items: {
                /** @description UUIDv7. */
                id: string;
                /** @description The address. */
                email: string;
                /** @description What others see. */
                name: string;
                /** @description `owner`, `admin` or `member`. */
                role: string;
                /** @description Whether the address was shown to be theirs. */
                email_verified: boolean;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description Since when nothing signs in to it; `null` when it is open.
                 */
                disabled_at?: string | null;
                /** @description Whether signing in takes a second factor. */
                second_factor: boolean;
                /**
                 * Format: date-time
                 * @description When a sign-in that has not ended was last used; `null` when there is none, or when that cannot be read now.
                 */
                last_seen_at?: string | null;
            }[];
            /** @description What `cursor` takes for the next page; `null` on the last. */
            next_cursor?: string | null;
        };
        /** @description A new password for oneself. */
        PasswordChange: {
            /**
             * Format: password
             * @description The password as it is.
             */
            current_password: string;
            /**
             * Format: password
             * @description The one that is to be: at least 8 characters in development, 15 in production.
             */
            new_password: string;
            /** @description Whether one's other sign-ins end; they do if left out. */
            end_other_sessions?: boolean | null;
        };
        /** @description A new password, by a mailed link. */
        PasswordReset: {
            /** @description What stands behind `#token=` in the link. */
            token: string;
            /**
             * Format: password
             * @description The password: at least 8 characters in development, 15 in production.
             */
            new_password: string;
        };
        /** @description A person as others see them. */
        Person: {
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /**
             * @description What others see.
             * @example Ada
             */
            name: string;
        };
        /** @description A message and its place. */
        PlacedMessage: {
            /**
             * Format: int64
             * @description Its place in the room.
             */
            seq: number;
            /** @description The message. */
            message: components["schemas"]["Message"];
        };
        /**
         * @description The value of a rule at an instant.
         * @example {
         *       "at": "2026-11-24T07:47:00.000Z",
         *       "value": 51
         *     }
         */
        Point: {
            /**
             * Format: date-time
             * @description The instant.
             */
            at: string;
            /**
             * Format: double
             * @description The measure over the window that ends at it; `null` where there is nothing to measure. Of a rule with groups, that
             *     of the furthest.
             */
            value?: number | null;
        };
        /** @description What was said. */
        Posted: {
            /**
             * Format: uuid
             * @description The message.
             */
            message_id: string;
            /**
             * Format: int64
             * @description Its place in the room.
             */
            seq: number;
            /**
             * Format: date-time
             * @description When it was stored.
             */
            at: string;
        };
        /** @description What a rule would have done. */
        Preview: {
            /** @description The incidents there would have been, in the order in which they began; the first 1,000. */
            incidents: components["schemas"]["PreviewIncident"][];
            /**
             * Format: int64
             * @description How many there would have been.
             */
            total: number;
            /** @description The values over the time that was asked about, oldest first. */
            series: components["schemas"]["Point"][];
            /**
             * Format: int64
             * @description The time from one value to the next, in milliseconds.
             */
            step_ms: number;
            /**
             * Format: int64
             * @description How many documents counted.
             */
            counted: number;
            /**
             * Format: int64
             * @description How many were left out, because there were too many groups.
             */
            refused: number;
        };
        /**
         * @description An incident that there would have been.
         * @example {
         *       "group": null,
         *       "peak": 51,
         *       "resolved_at": null,
         *       "started_at": "2026-11-24T07:47:00.000Z"
         *     }
         */
        PreviewIncident: {
            /**
             * Format: date-time
             * @description When it would have begun.
             */
            started_at: string;
            /**
             * Format: date-time
             * @description When it would have ended; `null` when not within the time that was asked about.
             */
            resolved_at?: string | null;
            /**
             * Format: double
             * @description Its furthest value.
             */
            peak: number;
            /** @description Its group. */
            group?: string | null;
        };
        /** @description A rule to try, and on what. */
        PreviewQuestion: {
            /** @description The rule; it is not stored, and nobody is told. */
            rule: components["schemas"]["NewRule"];
            /**
             * Format: date-time
             * @description The first instant: RFC 3339, or milliseconds since 1970.
             */
            from: string;
            /**
             * Format: date-time
             * @description The last instant, at most 31 days after the first; now when left out.
             */
            to?: string | null;
        };
        /**
         * @description The body of every error.
         * @example {
         *       "code": "invalid_document",
         *       "detail": "1 of 4 documents is not valid; nothing was stored.",
         *       "errors": [
         *         {
         *           "message": "is missing",
         *           "path": "/3/type"
         *         }
         *       ],
         *       "status": 422,
         *       "title": "Invalid document",
         *       "type": "/api/docs#problem-invalid_document"
         *     }
         */
        Problem: {
            /** @description A relative reference that names the kind of problem; it leads to the documentation. */
            type: string;
            /** @description The kind of problem in a few words; the same for every problem of a kind. */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What went wrong this time and what to do, in a sentence. */
            detail: string;
            /** @description A stable slug to program against. */
            code: string;
            /** @description What is wrong with the input, at most 20 places. */
            errors?: components["schemas"]["FieldError"][];
        };
        /** @description An OAuth provider. */
        Provider: {
            /** @description For the path of its start. */
            id: string;
            /** @description For its button. */
            name: string;
        };
        /** @description What the sign-in page offers. */
        Providers: {
            /** @description OAuth providers, each with its id and name. */
            items: components["schemas"]["Provider"][];
            /** @description The list has one page. */
            next_cursor?: string | null;
            /** @description `open`, `invite` or `closed`: who may register. */
            registration: string;
        };
        /** @description Who reacted with what. */
        Reaction: {
            /**
             * @description With what.
             * @example 👍
             */
            emoji: string;
            /** @description Who, the first one first. */
            users: components["schemas"]["Person"][];
        };
        /**
         * @description Whether the server can work.
         * @example {
         *       "checks": {
         *         "database": {
         *           "status": "ok"
         *         },
         *         "mail": {
         *           "status": "ok"
         *         }
         *       },
         *       "status": "ok"
         *     }
         */
        Readiness: {
            /** @description Of the whole. */
            status: components["schemas"]["Status"];
            /** @description Of each dependency, by its name. */
            checks: {
                [key: string]: components["schemas"]["CheckStatus"];
            };
        };
        /** @description For when the app is lost; shown once. Each works once. */
        RecoveryCodes: {
            /**
             * @description Ten of them.
             * @example [
             *       "k3v9t-0xw2m"
             *     ]
             */
            recovery_codes: string[];
        };
        /** @description A refresh token; left out where the cookie has it. */
        RefreshToken: {
            /** @description As the last sign-in or refresh gave it. */
            refresh_token?: string | null;
        };
        /** @description A room. */
        Room: {
            /**
             * @description Its name.
             * @example ops
             */
            name: string;
            /** @description Its name, as sockets call it. */
            room: string;
            /** @description `group` or `direct`. */
            kind: string;
            /** @description What it is about. */
            topic: string;
            /** @description `durable` or `none`. */
            history: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at?: string | null;
            /** @description Which counting `seq` belongs to. */
            epoch: string;
            /**
             * Format: int64
             * @description The number of the last message or change.
             */
            seq: number;
            /** @description People who are there now. */
            online_count: number;
            /**
             * Format: int64
             * @description Up to where whoever asks has read.
             */
            read_seq?: number | null;
            /**
             * Format: int64
             * @description Messages of others after that; counting stops at 1000.
             */
            unread?: number | null;
            /**
             * Format: date-time
             * @description When something was last said.
             */
            last_at?: string | null;
            with?: components["schemas"]["Somebody"] | null;
        };
        /** @description What is to become of a room. */
        RoomPatch: {
            /** @description What it is about, up to 200 characters. */
            topic: string;
        };
        /** @description A rule: ring when the measure of what `type` posted within the window crosses the threshold. */
        Rule: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * @description What people call it; unique.
             * @example errors-last-minute
             */
            name: string;
            /**
             * @description The type of the documents that are watched, or `any`.
             * @example error
             */
            type: string;
            /** @description All of these must hold for a document. */
            where: components["schemas"]["Filter"][];
            /** @description What is measured. */
            measure: components["schemas"]["Measure"];
            /**
             * Format: int64
             * @description The length of the window in seconds.
             * @example 60
             */
            window_seconds: number;
            /**
             * @description On which side of the threshold it rings.
             * @example >
             */
            comparison: string;
            /**
             * Format: double
             * @description The line, in the unit of the measure.
             * @example 50
             */
            threshold: number;
            /**
             * Format: double
             * @description The value at which it has recovered; not over the line, when there is none.
             * @example 40
             */
            recover_at?: number | null;
            /**
             * Format: int64
             * @description So long without a break it must be over the line before it rings.
             * @example 0
             */
            for_seconds: number;
            /**
             * Format: int64
             * @description So long without a break it must have recovered before the ringing ends.
             * @example 0
             */
            keep_firing_seconds: number;
            /**
             * @description A field: each of its values has a window, and incidents, of its own.
             * @example customer.city
             */
            group_by?: string | null;
            /**
             * Format: int64
             * @description So often all of them are told again while it rings and nobody has said "I am on it".
             * @example 3600
             */
            repeat_seconds?: number | null;
            /** @description Who is told. */
            notify: components["schemas"]["Notify"];
            /** @description A rule that is switched off does not watch. */
            enabled: boolean;
        };
        /** @description Whether signing in takes a second factor. */
        SecondFactor: {
            /** @description Whether it does. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description Since when: RFC 3339, UTC.
             */
            enabled_at?: string | null;
            /**
             * Format: int32
             * @description Recovery codes that were not used yet.
             */
            recovery_codes_left: number;
        };
        /** @description Who begins. */
        SecondFactorStart: {
            /**
             * Format: password
             * @description The password, where the account has one.
             */
            password?: string | null;
        };
        /** @description The value of a rule over time. */
        Series: {
            /** @description The values, oldest first. */
            items: components["schemas"]["Point"][];
            /**
             * Format: int64
             * @description The time from one to the next, in seconds.
             */
            step_seconds: number;
        };
        /** @description Somebody is signed in. */
        Session: {
            /** @description Who. */
            user: components["schemas"]["User"];
            /** @description For `Authorization: Bearer`. */
            access_token: string;
            /** @description `Bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description Seconds until the access token expires.
             */
            expires_in: number;
            /** @description For the next pair; left out where a cookie has it. */
            refresh_token?: string | null;
            /** @description Where the browser was to go, after a sign-in by a provider that waited for the second factor. */
            return_to?: string | null;
        };
        /** @description A new API key, with the key: this is the only time it is shown. */
        ShownApiKey: components["schemas"]["ApiKey"] & {
            /**
             * @description For `Authorization: Bearer`.
             * @example tcs_…
             */
            key: string;
        };
        /** @description An invitation, as the invited see it. */
        ShownInvitation: {
            /** @description The address; the account will have it. */
            email: string;
            /** @description The name of who invites; `null` when they are gone. */
            invited_by?: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC; from when on it is refused.
             */
            expires_at: string;
        };
        /** @description A device that is signed in. */
        SignIn: {
            /** @description UUIDv7. */
            id: string;
            /** @description When they signed in: RFC 3339, UTC. */
            created_at: string;
            /** @description When its refresh token was last used: RFC 3339, UTC. */
            last_used_at: string;
            /** @description The address it signed in from. */
            ip: string;
            /** @description As the device names itself. */
            user_agent: string;
            /** @description Whether this request comes from it. */
            current: boolean;
        };
        /** @description A refresh token, left out where the cookie has it, and how far the end reaches. */
        SignOut: {
            /** @description As the last sign-in or refresh gave it. */
            refresh_token?: string | null;
            scope?: components["schemas"]["SignOutScope"] | null;
        };
        /**
         * @description Which sign-ins end.
         * @enum {string}
         */
        SignOutScope: "local" | "others" | "global";
        /** @description A silence. */
        Silence: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Of which rule; of every rule, when `null`.
             */
            rule_id?: string | null;
            /** @description Of which group; of all, when `null`. */
            group?: string | null;
            /**
             * Format: date-time
             * @description When it begins; `null` for one that comes every week.
             */
            from?: string | null;
            /**
             * Format: date-time
             * @description When it ends; `null` for one that comes every week.
             */
            until?: string | null;
            weekly?: components["schemas"]["Weekly"] | null;
            /** @description Why. */
            comment: string;
            /**
             * @description Who made it.
             * @example Ada
             */
            created_by: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Until when it is silent now; `null` when it is not.
             */
            active_until?: string | null;
            /** @description Whether it is over for good. */
            over: boolean;
        };
        /** @description A person. */
        Somebody: {
            /**
             * Format: uuid
             * @description Who.
             */
            id: string;
            /** @description What others see. */
            name: string;
            /** @description Whether they have a connection to chat. */
            online: boolean;
        };
        /**
         * @description How a dependency, or the whole, is.
         * @enum {string}
         */
        Status: "ok" | "degraded" | "down";
        /** @description A ticket for a websocket. */
        Ticket: {
            /**
             * @description For `?ticket=` of one websocket.
             * @example tct_…
             */
            ticket: string;
            /**
             * Format: int64
             * @description Seconds until it is refused.
             */
            expires_in: number;
        };
        /** @description A topic. */
        Topic: {
            /** @description What the room is about. */
            topic: string;
        };
        /**
         * @description How the refresh token travels.
         * @enum {string}
         */
        Transport: "body" | "cookie";
        /**
         * @description A type and how many documents it has.
         * @example {
         *       "count": 595,
         *       "type": "error"
         *     }
         */
        TypeCount: {
            /** @description The type. */
            type: string;
            /**
             * Format: int64
             * @description Its documents.
             */
            count: number;
        };
        /** @description A person's account. */
        User: {
            /** @description UUIDv7. */
            id: string;
            /** @description The address. */
            email: string;
            /** @description What others see. */
            name: string;
            /** @description `owner`, `admin` or `member`. */
            role: string;
            /** @description Whether the address was shown to be theirs. */
            email_verified: boolean;
            /** @description RFC 3339, UTC. */
            created_at: string;
        };
        /** @description What is to become of an account; what is left out stays as it is. */
        UserPatch: {
            /** @description `owner`, `admin` or `member`. */
            role?: string | null;
            /** @description Whether it is shut. */
            disabled?: boolean | null;
        };
        /** @description An account, for those who look after it. */
        UserRow: {
            /** @description UUIDv7. */
            id: string;
            /** @description The address. */
            email: string;
            /** @description What others see. */
            name: string;
            /** @description `owner`, `admin` or `member`. */
            role: string;
            /** @description Whether the address was shown to be theirs. */
            email_verified: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Since when nothing signs in to it; `null` when it is open.
             */
            disabled_at?: string | null;
            /** @description Whether signing in takes a second factor. */
            second_factor: boolean;
            /**
             * Format: date-time
             * @description When a sign-in that has not ended was last used; `null` when there is none, or when that cannot be read now.
             */
            last_seen_at?: string | null;
        };
        /**
         * @description A time that comes again every week, by the clock of a place.
         * @example {
         *       "days": [
         *         "mon",
         *         "tue"
         *       ],
         *       "end": "06:00",
         *       "start": "22:00",
         *       "time_zone": "Europe/Paris"
         *     }
         */
        Weekly: {
            /** @description On which days it begins: `mon` `tue` `wed` `thu` `fri` `sat` `sun`; on every day, when there is none. */
            days?: string[];
            /**
             * @description When it begins.
             * @example 22:00
             */
            start: string;
            /**
             * @description When it ends; on the next day, where that is not after the beginning.
             * @example 06:00
             */
            end: string;
            /**
             * @description By whose clock: a name of the IANA database of time zones.
             * @example Europe/Paris
             */
            time_zone: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set. Cache-Control says how long a copy may be kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, without the keys themselves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKey"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The key, shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownApiKey"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `admin_required`: `rules:write` is for owners and admins to give. `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_keys` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such key of yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Of one account only. */
                user_id?: string;
                /** @description Of one kind only, such as `sign_in_failed`. */
                event?: string;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Entry"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkToken"];
            };
        };
        responses: {
            /** @description Verified */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_link`: used, expired, or replaced by a newer one */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The identities. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Identity"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such identity of yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_sign_in`: the account has no password and no other identity */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description The invitation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownInvitation"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_link`: used, expired, withdrawn, or replaced by a newer one */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`, whatever was wrong. `otp_required`: all was right, and the account has a second factor */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts`, from this address or at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SignOut"] | null;
            };
        };
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_origin`: a page of another site asks, with the cookie */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeChange"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: a name that is not acceptable. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAlertChoice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The choice. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChoice"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAlertChoice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertChoiceChange"];
            };
        };
        responses: {
            /** @description The choice as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChoice"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeOAuth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Otp"];
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: a wrong code. `otp_required`: none. `invalid_grant`: no sign-in waits; begin again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_origin`: a page of another site asks */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts`; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishOAuth: {
        parameters: {
            query?: {
                /** @description Which try it answers. */
                state?: string;
                /** @description For the tokens. */
                code?: string;
                /** @description Why there is no code. */
                error?: string;
                /** @description Who answers. */
                iss?: string;
            };
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To `return_to`, signed in; to `/sign-in?otp=required` when the account has a second factor (then `/api/v1/auth/oauth/otp` completes it); or to `/?oauth_error=` and one of `invalid_state`, `access_denied`, `provider_refused`, `provider_unreachable`, `email_unverified`, `account_exists`, `registration_closed`, `identity_taken`, `busy`, `failed` */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_parameter`: a parameter is not acceptable */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkOAuth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Afterwards"] | null;
            };
        };
        responses: {
            /** @description Where to go. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Destination"];
                };
            };
            /** @description `invalid_parameter`: where to go afterwards is not on the list. `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such provider */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `provider_unreachable`; see Retry-After. `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startOAuth: {
        parameters: {
            query?: {
                /** @description `/`, or one of `oauth.return_to`, exactly as it is written there. */
                return_to?: string;
            };
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider; to `/?oauth_error=provider_unreachable` when it does not answer */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_parameter`: where to go afterwards is not on the list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such provider */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: attempts cannot be counted now; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: the current password is wrong. `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: a password that is not acceptable. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Forgotten"];
            };
        };
        responses: {
            /** @description The same for every address */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnItsWay"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Chosen; sign in with it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_link`: used, expired, or replaced by a newer one */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: a password that is not acceptable; the link is as good as before. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the sign-in page offers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Providers"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshToken"] | null;
            };
        };
        responses: {
            /** @description A new pair */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_grant`: sign in again */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `foreign_origin`: a page of another site asks, with the cookie */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description The account, signed in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Where addresses are verified: a mail says how to go on, whether or not the address has an account */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OnItsWay"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_link`: an invitation that was used, has expired, was withdrawn or replaced */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `registration_closed`, `invitation_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SecondFactorStart"] | null;
            };
        };
        responses: {
            /** @description The secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolment"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`: the password is wrong. `invalid_grant`: the sign-in of an account without a password has ended. `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `recent_sign_in_required`: an account without a password begins within ten minutes after signing in. `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_enabled` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Recovery codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_begun`, `second_factor_enabled` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_otp`: a wrong code. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disableSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Signing in takes the password alone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_begun` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_otp`: a wrong code. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Recovery codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `second_factor_not_begun` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_otp`: a wrong code. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` at this account; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sign-ins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SignIn"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such sign-in of yours */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` of this person; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: too many tickets wait to be used; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDevMails: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MailSummary"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_route`: not in this profile */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDevMail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The mail's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailBody"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none. `unknown_route`: not in this profile */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                /** @description Of one type only. */
                type?: string;
                /** @description Not before this time: RFC 3339, or milliseconds since 1970. */
                from?: string;
                /** @description Before this time. */
                to?: string;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
                /** @description By time: `asc` for oldest first, `desc` for newest first. */
                order?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Document"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDocuments: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat within 24 hours harmless: the first answer comes again. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        /** @description One document, an array of them, or a document a line. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 12.5,
                 *       "id": "checkout-4711",
                 *       "message": "card declined",
                 *       "type": "error"
                 *     }
                 */
                "application/json": components["schemas"]["Document"];
                "application/x-ndjson": components["schemas"]["Document"];
            };
        };
        responses: {
            /** @description All of it is on disk. */
            201: {
                headers: {
                    /** @description `true` when this is the answer to an earlier request. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description `invalid_json`, `invalid_utf8`, `too_deep`, `empty_body`, `incomplete_body`: the body cannot be read. `invalid_parameter`: the Idempotency-Key. Nothing was stored */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`, `too_many_documents`: nothing was stored */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`. `unsupported_encoding`: a Content-Encoding */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_document`, `no_documents`: nothing was stored. `idempotency_key_reused`: it was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDocumentTypes: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, by type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TypeCount"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The document's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExports: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Export"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat within 24 hours harmless: the first export comes again. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: string | null;
                /** @description `wait=N` waits for the file, up to N seconds and 60 (RFC 7240). */
                Prefer?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewExport"];
            };
        };
        responses: {
            /** @description It was waited for, and is done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description It is noted, and its address in `Location`. */
            202: {
                headers: {
                    /** @description `true` when this is the export of an earlier request. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description `invalid_parameter`: the Idempotency-Key. `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_exports`: as many as `exports.per_user` wait or run, or as many as `exports.kept_per_user` are kept */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `unknown_type`: there is no document of this type. `idempotency_key_reused`: it was used for another request. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewExport"];
            };
        };
        responses: {
            /** @description What it would begin with. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportSample"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `unknown_type`: there is no document of this type. `too_many_columns`: the documents have more fields than a file may have columns. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none, or it is somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The export's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cancelled or removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none, or it is somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIncidents: {
        parameters: {
            query?: {
                /** @description In one state only: `firing` or `resolved`. */
                state?: string;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Incident"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The incident. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The incident as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The incident's id. */
                id: string;
                /** @description The message's id. */
                notification: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The incident as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such message of it that was given up */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The invitations. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Invitation"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvitation"];
            };
        };
        responses: {
            /** @description The mail is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `registration_closed`. `owner_required`: an admin is to be invited. `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `email_taken`. `too_many_invitations`: as many wait as may */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_attempts` to invite this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdrawn */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `owner_required`: an admin is invited. `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such invitation, or it was used or has expired */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPeople: {
        parameters: {
            query?: {
                /** @description Those with this in the name, without regard to case. */
                search?: string;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Somebody"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRooms: {
        parameters: {
            query?: {
                /** @description Those with this in the name or the topic, without regard to case. */
                search?: string;
                /** @description One's own rooms, direct ones too, with what is unread. */
                mine?: boolean;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Room"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: `mine` is for people. `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRoom: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description The room. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `room_exists`; `too_many_rooms`: as many as `chat.rooms` allows */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_room`: there is none, or not for you */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRoom: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomPatch"];
            };
        };
        responses: {
            /** @description The topic as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topic"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_room`: there is none, or not for you */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: a topic that is too long, or a direct room. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_room`: there is none, or not for you */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description The last ones before this place. */
                before?: number;
                /** @description The first ones after this place. */
                after?: number;
                /** @description `next_cursor` of the page before: the same as `before`. */
                cursor?: string;
                /** @description At most so many, 1 to 200. */
                limit?: number;
            };
            header?: never;
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PlacedMessage"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_room`: there is none, or not for you */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description It is stored, or was there already under this `client_id`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Posted"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_joined`: join the room first. `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_room`: there is none, or not for you */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRules: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Rule"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRule"];
            };
        };
        responses: {
            /** @description The rule, and its address in `Location`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rule_name_taken`; `too_many_rules`: as many as `alerts.max_rules` allows */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewQuestion"];
            };
        };
        responses: {
            /** @description What it would have done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The rule's id. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Some of its fields. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRule"];
            };
        };
        responses: {
            /** @description The rule as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rule_name_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRuleSeries: {
        parameters: {
            query?: {
                /** @description The first instant: RFC 3339, or milliseconds since 1970; 15 minutes before `to` when left out. */
                from?: string;
                /** @description The last instant, at most 24 hours after the first; now when left out. */
                to?: string;
                /** @description Seconds from one point to the next; at most 2,000 points. */
                step_seconds?: number;
            };
            header?: never;
            path: {
                /** @description The rule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The values, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description `invalid_parameter`: one that is not acceptable, or there would be too many points */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such rule */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSilences: {
        parameters: {
            query?: {
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Silence"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSilence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSilence"];
            };
        };
        responses: {
            /** @description The silence, and its address in `Location`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Silence"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_silences`: as many as `alerts.max_silences` allows */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: fields that are not acceptable, each named. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSilence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The silence's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `missing_scope`: the API key lacks the scope. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Those with this in the address or the name, without regard to case. */
                q?: string;
                /** @description At most so many, 1 to 1000. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same other parameters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_UserRow"];
                };
            };
            /** @description `invalid_parameter`: a parameter is not acceptable. `invalid_cursor`: the cursor is not of this list */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such account */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserRow"];
                };
            };
            /** @description `invalid_json`: the body is not JSON. `incomplete_body`: the body broke off */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `owner_required`: it is about a role, an admin or an owner. `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such account */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: the body came too slowly */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `own_account`. `last_owner`: no owner would be left who is not disabled */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: the body has more than 64 KiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: the body is not application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`: a role that there is not. `invalid_body`: the body is JSON of another shape */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `owner_required`: they are an admin or an owner. `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such account, or it has no second factor */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `own_account`: one's own is switched off with a code */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSessionsOf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthenticated`: no credential was sent. `invalid_token`: the access token or API key is not valid, has expired, or was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `owner_required`: they are an admin or an owner. `person_required`: an API key cannot do this. `admin_required`: this is for owners and admins */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: there is no such account */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `busy`: a queue is full, or a store does not answer; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full`: no space is left; nothing was changed */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description One range of bytes (RFC 9110, section 14). */
                Range?: string | null;
            };
            path: {
                /** @description The last part of `url`. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description The part of it that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description It is kept elsewhere, at `Location`. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is the one that is known already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found`: there is no such link */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `link_expired`: the link expired, or the file was removed */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable`: the file is shorter */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": Record<string, never>;
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description A dependency that it needs is down. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `internal_error`: something failed in the server; its log says what */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
