import type { Launch, Payload, Run } from '@countersign/core';
import type { CallProvider } from './call-provider';
import type { LaunchGate, LaunchPermit } from './launch-gate';

/** Never called: what is wrong in here does not compile, and what `@ts-expect-error` marks must not. */
export async function doors(hands: { gate: LaunchGate; callProvider: CallProvider }, { run, launch, payload }: { run: Run; launch: Launch; payload: Payload }): Promise<void> {
  const answer = await hands.gate.admit(run, payload);
  if (answer.ok) await hands.callProvider.call(answer.permitFor(launch));
  // @ts-expect-error a refusal is no permit: look at `ok` first (6)
  await hands.callProvider.call(answer.permitFor(launch));
  // @ts-expect-error a launch and a payload are no permit: only the gate makes one
  await hands.callProvider.call({ launch, payload });
  // @ts-expect-error nor may another payload be put into a permit
  if (answer.ok) answer.permitFor(launch).payload = payload;
}

describe('a permit to launch', () => {
  it('has no maker but the gate, for the compiler', () => {
    const made = { launch: {}, payload: {} };
    // @ts-expect-error the mark has no name outside launch-gate.ts
    const permit: LaunchPermit = made;
    expect(permit).toBe(made);
    expect(typeof doors).toBe('function');
  });
});
