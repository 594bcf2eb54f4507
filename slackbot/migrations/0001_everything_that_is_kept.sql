-- One text for SQLite and PostgreSQL. Moments are seconds since 1970 in UTC, days are ISO text, flags are 0 or 1, lists
-- are JSON, and what is sealed is base64.

-- Where the bot is: a workspace, or with an empty team a whole organisation. Its data goes with it.
CREATE TABLE installation (
    id            TEXT PRIMARY KEY,
    enterprise_id TEXT NOT NULL,
    team_id       TEXT NOT NULL,
    bot_user_id   TEXT NOT NULL,
    installer     TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    -- Sealed; empty where the token is a setting.
    token         TEXT NOT NULL,
    -- Sealed; empty where tokens do not rotate.
    refresh_token TEXT NOT NULL,
    -- With which key the two are sealed.
    key_id        TEXT NOT NULL,
    expires_at    BIGINT,
    -- One more with each token, so that of two who refresh one wins.
    generation    BIGINT NOT NULL,
    -- active or revoked.
    status        TEXT NOT NULL,
    installed_at  BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    UNIQUE (enterprise_id, team_id)
);

-- A person who is on the way through Slack's consent page.
CREATE TABLE oauth_state (
    hash       TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Deliveries that were taken.
CREATE TABLE seen (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX seen_by_age ON seen (at);

-- A channel with something tracked, and how it wants to be reminded.
CREATE TABLE channel (
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    channel_id      TEXT NOT NULL,
    zone            TEXT NOT NULL,
    at_minute       BIGINT NOT NULL,
    -- One bit a weekday, Monday the lowest.
    weekdays        BIGINT NOT NULL,
    holidays        TEXT NOT NULL,
    -- The kinds of actions that are not wanted.
    unwanted_kinds  TEXT NOT NULL,
    -- So many days ahead; negative: only what is overdue by so many.
    lead_days       BIGINT NOT NULL,
    threads         BIGINT NOT NULL,
    mentions        BIGINT NOT NULL,
    -- Whether customers' names are kept.
    names           BIGINT NOT NULL,
    -- Whether files that somebody shares in it are checked.
    files           BIGINT NOT NULL,
    -- Who may change this; empty for everybody.
    editors         TEXT NOT NULL,
    is_on           BIGINT NOT NULL,
    -- Why Slack takes nothing for it; empty while it does.
    paused          TEXT NOT NULL,
    next_at         BIGINT,
    version         BIGINT NOT NULL,
    changed_by      TEXT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (installation_id, channel_id)
);
CREATE INDEX channel_by_turn ON channel (next_at);

-- An opportunity that a channel is reminded of.
CREATE TABLE tracked (
    installation_id TEXT NOT NULL,
    channel_id      TEXT NOT NULL,
    opportunity_id  TEXT NOT NULL,
    -- The few facts from which the core says what is due.
    facts           TEXT NOT NULL,
    verdict         TEXT NOT NULL,
    judged_on       TEXT NOT NULL,
    owner           TEXT NOT NULL,
    snoozed_until   TEXT NOT NULL,
    -- Whether nobody wants to be reminded of it any more.
    is_stopped      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    tracked_at      BIGINT NOT NULL,
    PRIMARY KEY (installation_id, channel_id, opportunity_id),
    FOREIGN KEY (installation_id, channel_id) REFERENCES channel (installation_id, channel_id) ON DELETE CASCADE
);
CREATE INDEX tracked_by_owner ON tracked (installation_id, owner);

-- Who did what, and what was before.
CREATE TABLE change (
    id              TEXT PRIMARY KEY,
    installation_id TEXT NOT NULL,
    channel_id      TEXT NOT NULL,
    opportunity_id  TEXT NOT NULL,
    actor           TEXT NOT NULL,
    act             TEXT NOT NULL,
    before          TEXT NOT NULL,
    -- The version that it made: only while that stands can it be undone.
    version         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    FOREIGN KEY (installation_id, channel_id) REFERENCES channel (installation_id, channel_id) ON DELETE CASCADE
);
CREATE INDEX change_by_opportunity ON change (installation_id, channel_id, opportunity_id, at);
CREATE INDEX change_by_age ON change (at);

-- What a person wants: to be mentioned, to be written to directly.
CREATE TABLE person (
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL,
    mentions        BIGINT NOT NULL,
    direct          BIGINT NOT NULL,
    PRIMARY KEY (installation_id, user_id)
);

-- A message that is to be posted, or was.
CREATE TABLE outbox (
    id              TEXT PRIMARY KEY,
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    -- The channel that it is about.
    channel_id      TEXT NOT NULL,
    -- Where it is posted: that channel, or a person.
    recipient       TEXT NOT NULL,
    kind            TEXT NOT NULL,
    -- What happens once: a digest of one channel on one day.
    slot            TEXT NOT NULL UNIQUE,
    state           TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    -- After this it is too late to send.
    not_after       BIGINT NOT NULL,
    lease_until     BIGINT NOT NULL,
    -- One more with each claim, so that a late holder changes nothing.
    fence           BIGINT NOT NULL,
    -- When the call to Slack began; empty while nothing can have arrived.
    called_at       BIGINT,
    -- Below which message it belongs.
    thread_ts       TEXT NOT NULL,
    -- Which opportunities it shows, or other small facts.
    detail          TEXT NOT NULL,
    posted_in       TEXT NOT NULL,
    posted_ts       TEXT NOT NULL,
    error           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    settled_at      BIGINT
);
CREATE INDEX outbox_by_turn ON outbox (state, not_before);
CREATE INDEX outbox_by_channel ON outbox (installation_id, channel_id, state);
CREATE INDEX outbox_by_age ON outbox (created_at);

-- Until when Slack wants no call of a method in a workspace, or a channel of it.
CREATE TABLE gate (
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    method          TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    closed_until    BIGINT NOT NULL,
    PRIMARY KEY (installation_id, method, recipient)
);
