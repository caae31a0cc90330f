// The official Stripe CLI's side door: `stripe listen` and `stripe logs tail` make a session, then get events and
// request logs over a websocket. The CLI is unmodified, so everything here is what its binary was seen to want.
// https://docs.stripe.com/cli/listen

import type { Schema } from "../../kernel/schema/schema.ts";
import type { Params, Route } from "../../kernel/state/resource.ts";
import type { Unit, World } from "../../kernel/state/unit.ts";
import { newestVersion } from "../../kernel/versions/families.ts";
import type { Served } from "../../kernel/wire/core.ts";
import type { Upgrade } from "../../kernel/wire/http.ts";
import { text, texts } from "../../kernel/words/params.ts";
import type { Event } from "../../resources/events/index.ts";
import { deliveryHeaders, eventBody } from "../body.ts";
import { signatureHeader } from "../signature.ts";
import { parseFilters, passes } from "./filters.ts";
import { logMessage, webhookMessage } from "./messages.ts";
import {
  addSession,
  type Feature,
  remember,
  type Session,
  type Sessions,
  secretOfDevice,
  sendOrKeep,
} from "./session.ts";
import { openSocket } from "./websocket.ts";

export interface StripeCli {
  readonly routes: readonly Route[];
  /** For the listeners: takes a connection over, or refuses it. */
  readonly upgrade: Upgrade;
  /** Shows an event to every CLI that listens. */
  offer(unit: Unit, event: Event): void;
  /** Shows an answered request to every CLI that tails the logs. */
  served(call: Served): void;
  close(): void;
}

/** The CLI renews its connection this often. Nothing is gained by renewing a local one. */
const reconnectSeconds = 3_600;
const sessionsPath = "/v1/stripecli/sessions";

const sessionParams: Schema = {
  object: {
    "device_name?": "string",
    "websocket_features?": { list: { enum: ["webhooks", "v2_events", "request_logs"] } },
    "filters?": "string",
    "forward_to_url?": "string",
    "forward_connect_to_url?": "string",
    "forward_thin_to_url?": "string",
    "forward_thin_connect_to_url?": "string",
  },
};

export function createStripeCli(world: World): StripeCli {
  const sessions: Sessions = new Map();
  const socket = openSocket(world, sessions);
  const ofAccount = (accountId: string, feature: Feature): Session[] =>
    [...sessions.values()].filter(({ account, features }) => account.id === accountId && features.includes(feature));
  return {
    routes: [
      {
        method: "POST",
        path: sessionsPath,
        undeclared: { why: "only the official CLI opens sessions", params: sessionParams, evidence: "recorded" },
        run: (unit, params) => openSession(unit, sessions, params),
      },
    ],
    upgrade: socket.upgrade,
    offer(unit, event) {
      if (sessions.size === 0) return;
      for (const session of ofAccount(unit.account.id, "webhooks")) {
        // After the unit, and in the order in which endpoints get theirs.
        const begin = (_at: number, landed: () => void) => {
          sendEvent(world, session, event);
          landed();
        };
        world.timeline.at(world.timeline.now(), null, { record: null, begin });
      }
    },
    served(call) {
      if (sessions.size === 0 || call.request.path === sessionsPath) return;
      for (const session of ofAccount(call.account.id, "request_logs")) sendLog(world, session, call);
    },
    close() {
      socket.close();
      sessions.clear();
    },
  };
}

function openSession(unit: Unit, sessions: Sessions, params: Params): object {
  const { account, world } = unit;
  const features = (texts(params, "websocket_features") ?? ["webhooks"]) as Feature[]; // The schema has an enum.
  const session: Session = {
    id: world.ids.next("cliws"),
    account,
    features,
    secret: secretOfDevice(account, text(params, "device_name") ?? ""),
    filters: parseFilters(text(params, "filters")),
    waiting: [],
    conversations: new Map(),
    socket: undefined,
  };
  addSession(sessions, session);
  return {
    default_version: account.defaultVersion,
    device_token: null,
    display_connect_filter_warning: false,
    latest_version: newestVersion,
    reconnect_delay: reconnectSeconds,
    secret: session.secret,
    websocket_authorized_feature: features[0] ?? "webhooks",
    websocket_id: session.id,
    websocket_url: `${world.baseUrl().replace(/^http/, "ws")}/subscribe/${account.id}`,
  };
}

/** Once in the account's version and once in the newest: the CLI takes the one that it was started for. */
function sendEvent(world: World, session: Session, event: Event): void {
  const { secret } = session;
  const seconds = Math.floor(world.timeline.now() / 1000);
  for (const version of [null, newestVersion]) {
    const body = eventBody(world, event, version ?? event.api_version);
    const headers = deliveryHeaders(signatureHeader({ body, secrets: [secret], seconds }));
    const webhookId = world.ids.next("wh");
    const conversationId = world.ids.next("wc");
    remember(session, webhookId, { eventId: event.id, type: event.type });
    sendOrKeep(session, webhookMessage({ version, body, headers, webhookId, conversationId }));
  }
}

function sendLog(world: World, session: Session, { request, requestId, answer }: Served): void {
  const { method, path } = request;
  const { status, body } = answer;
  if (!passes(session.filters, { method, path, status })) return;
  const created = Math.floor(world.timeline.now() / 1000);
  sendOrKeep(session, logMessage(world.ids.next("resp"), { method, path, status, requestId, created, body }));
}
