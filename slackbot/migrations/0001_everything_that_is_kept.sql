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
    -- Until then one replica asks for a new token, and the others wait for it.
    renewed_until BIGINT NOT NULL,
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

-- What somebody asked, so that the buttons of its answer work at every replica: for half an hour.
CREATE TABLE held (
    id              TEXT PRIMARY KEY,
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    -- The workspace and the person in it.
    asker           TEXT NOT NULL,
    -- With which key it is sealed.
    key_id          TEXT NOT NULL,
    sealed          TEXT NOT NULL,
    expires_at      BIGINT NOT NULL
);
CREATE INDEX held_by_asker ON held (asker, expires_at);
CREATE INDEX held_by_age ON held (expires_at);

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
-- Those whose turn is to be worked out: few, and not those that are off.
CREATE INDEX channel_without_turn ON channel (channel_id) WHERE next_at IS NULL AND is_on = 1 AND paused = '';

-- An opportunity that a channel is reminded of.
CREATE TABLE tracked (
    installation_id TEXT NOT NULL,
    channel_id      TEXT NOT NULL,
    opportunity_id  TEXT NOT NULL,
    -- The few facts from which the core says what is due.
    facts           TEXT NOT NULL,
    -- Empty where the channel keeps no names.
    customer_name   TEXT NOT NULL,
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
CREATE INDEX tracked_by_owner ON tracked (installation_id, owner, channel_id, opportunity_id);

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
    -- pending, sending, ambiguous, sent, failed or cancelled.
    state           TEXT NOT NULL,
    attempt         BIGINT NOT NULL,
    -- How often Slack's answer was lost.
    doubts          BIGINT NOT NULL,
    not_before      BIGINT NOT NULL,
    -- After this it is too late to send.
    not_after       BIGINT NOT NULL,
    lease_until     BIGINT NOT NULL,
    -- One more with each claim, so that a late holder changes nothing.
    fence           BIGINT NOT NULL,
    -- When the call to Slack began; empty while nothing can have arrived.
    called_at       BIGINT,
    -- What it shows, or why it is sent: small facts as its kind needs them.
    detail          TEXT NOT NULL,
    posted_in       TEXT NOT NULL,
    posted_ts       TEXT NOT NULL,
    error           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    settled_at      BIGINT
);
-- What is open, in the order in which it is looked at: as small as what is open is, however much was sent.
CREATE INDEX outbox_pending ON outbox (not_before, id) WHERE state = 'pending';
CREATE INDEX outbox_sending ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX outbox_ambiguous ON outbox (not_before) WHERE state = 'ambiguous';
CREATE INDEX outbox_open ON outbox (installation_id, recipient, not_before) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_by_recipient ON outbox (installation_id, recipient, called_at);
CREATE INDEX outbox_by_channel ON outbox (installation_id, channel_id, created_at);
CREATE INDEX outbox_by_age ON outbox (created_at);

-- Until when Slack wants no call of a method in a workspace, or a channel of it.
CREATE TABLE gate (
    installation_id TEXT NOT NULL REFERENCES installation (id) ON DELETE CASCADE,
    method          TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    closed_until    BIGINT NOT NULL,
    PRIMARY KEY (installation_id, method, recipient)
);
CREATE INDEX gate_of_all ON gate (closed_until) WHERE recipient = '';
