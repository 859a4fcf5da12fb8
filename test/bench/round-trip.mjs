/*
 * What this is: one client that starts runs and decides them, through libs/client as anybody would, and hears by Socket.IO
 * when they wait and when they are completed. No polling: only after a lost connection it looks once at what it waits for.
 */
import { CountersignClient } from '@countersign/client';

/** A round trip takes milliseconds; a run that is not there after this is lost. */
const PATIENCE_MS = 60_000;

export class RoundTrips {
  #client;
  #socket;
  /** run id → what was heard, or who waits for it. */
  #asked = new Mailboxes('approval.requested');
  #ended = new Mailboxes('run.completed');
  #wasConnected = false;

  constructor({ url, userId = 'bench' }) {
    this.#client = new CountersignClient({ baseUrl: url, userId });
  }

  async connect() {
    this.#socket = this.#client.socket();
    this.#socket.on('approval.requested', (approval) => this.#asked.put(approval.run_id, approval));
    this.#socket.on('run.completed', (run) => this.#ended.put(run.run_id, run));
    this.#socket.on('run.failed', (run) => this.#refuse(run));
    await this.#socket.ready();
    this.#socket.onConnection(({ connected }) => {
      if (connected && this.#wasConnected) void this.#lookAgain();
      this.#wasConnected ||= connected;
    });
  }

  /**
   * Starts a run that asks once, before its launch; resolves to its approval when it waits for it. The same `key` names the
   * same run, so a call whose answer was lost may be repeated (`again`).
   */
  async start(prompt, { key, again = false } = {}) {
    const { run_id: runId } = await this.#client.startRun({
      run_input: { prompt, provider: 'scripted', model: 'scripted/echo' },
      hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] },
    }, key ? { idempotencyKey: key } : {});
    if (again) await this.#look(runId);
    return this.#asked.take(runId);
  }

  /** Approves by `via` ('rest' or 'socket'); resolves to the run's result (text) when it is completed. */
  async approve(approval, { via = 'rest', again = false } = {}) {
    const body = { approval_id: approval.approval_id, action: 'approve', payload_hash: approval.payload_hash };
    try {
      if (via === 'socket') await this.#socket.decide({ ...body, run_id: approval.run_id });
      else await this.#client.approve(approval.run_id, body);
    } catch (error) {
      if (!(again && error.code === 'APPROVAL_ALREADY_DECIDED')) throw error;
    }
    if (again) await this.#look(approval.run_id);
    const ended = await this.#ended.take(approval.run_id);
    return ended.final_result;
  }

  close() {
    this.#socket?.close();
  }

  #refuse(run) {
    const error = new Error(`run ${run.run_id} is ${run.status}: ${JSON.stringify(run.error)}`);
    for (const boxes of [this.#asked, this.#ended]) boxes.put(run.run_id, error);
  }

  async #lookAgain() {
    const waiting = new Set([...this.#asked.waiting(), ...this.#ended.waiting()]);
    await Promise.allSettled([...waiting].map((runId) => this.#look(runId)));
  }

  /** What the events would have told. */
  async #look(runId) {
    const run = await this.#client.state(runId);
    if (run.status === 'completed') {
      const approval = run.approvals.at(-1);
      if (approval) this.#asked.put(runId, approval);
      this.#ended.put(runId, run);
    } else if (run.pending_approval) {
      const approval = run.approvals.find(({ approval_id: id }) => id === run.pending_approval.approval_id);
      if (approval) this.#asked.put(runId, approval);
    }
  }
}

/** One letter per run; it may come before anybody waits for it (an event can overtake the answer of the call). */
class Mailboxes {
  #letters = new Map();
  #readers = new Map();

  constructor(what) {
    this.what = what;
  }

  waiting() {
    return this.#readers.keys();
  }

  /** `letter`: what was heard, or the error that stands for it. */
  put(runId, letter) {
    const read = this.#readers.get(runId);
    if (read) read(letter);
    else this.#letters.set(runId, letter);
  }

  async take(runId) {
    const early = this.#letters.get(runId);
    this.#letters.delete(runId);
    const letter = early ?? (await this.#wait(runId));
    if (letter instanceof Error) throw letter;
    return letter;
  }

  #wait(runId) {
    return new Promise((resolve) => {
      const read = (letter) => {
        clearTimeout(timer);
        if (this.#readers.get(runId) === read) this.#readers.delete(runId);
        resolve(letter);
      };
      const timer = setTimeout(() => read(new Error(`no ${this.what} of run ${runId} within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
      this.#readers.set(runId, read);
    });
  }
}
