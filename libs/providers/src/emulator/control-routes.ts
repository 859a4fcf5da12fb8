import { isJsonObject, type Json } from '@countersign/core';
import { FAULT_POINTS, type Fault, type Faults, type WebhookFault } from './faults';
import { jsonBody, type RecordedCall, type Route } from './http-door';

const SHOWN_CALLS = 200; // the newest ones

/** Not part of the API: how a person or a test in another process plays with a running emulator. */
export function controlRoutes(faults: Faults, calls: () => readonly RecordedCall[]): Route[] {
  return [
    { method: 'GET', path: /^\/emulator\/calls$/, open: true, handle: () => ({ status: 200, body: JSON.parse(JSON.stringify(calls().slice(-SHOWN_CALLS))) as Json }) },
    {
      method: 'POST', path: /^\/emulator\/faults$/, open: true,
      handle: (request) => {
        const body = jsonBody(request);
        if (isFault(body)) faults.add(body);
        else if (isWebhookFault(body)) faults.addWebhook(body);
        else return { status: 422, body: { detail: `a fault is {"on": "${FAULT_POINTS.join('|')}", "action": {"do": …}} or {"event": …, "do": …}`, status: 422 } };
        return { status: 204 };
      },
    },
    {
      method: 'DELETE', path: /^\/emulator\/faults$/, open: true,
      handle: () => {
        faults.clear();
        return { status: 204 };
      },
    },
  ];
}

function isFault(body: unknown): body is Fault {
  if (!isJsonObject(body) || !isJsonObject(body['action'])) return false;
  const { do: what, ms, status } = body['action'];
  const whole = what === 'delay' ? typeof ms === 'number' : what === 'answer' ? typeof status === 'number' : ['drop_before', 'drop_after', 'break_off'].includes(String(what));
  return whole && FAULT_POINTS.some((point) => point === body['on']);
}

function isWebhookFault(body: unknown): body is WebhookFault {
  return isJsonObject(body) && ['start', 'output', 'logs', 'completed'].includes(String(body['event'])) && ['withhold', 'duplicate', 'after_next'].includes(String(body['do']));
}
