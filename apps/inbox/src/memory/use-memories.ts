import { useCallback, useEffect, useState } from 'react';
import type { CountersignError, MemoryFilter } from '@countersign/client';
import type { MemoryView, SettableState } from '@countersign/contracts';
import { useSession } from '../session/session';

/** Most that a page shows at once; the server's own limit. */
const PAGE = 200;

export interface Memories {
  /** Null until they are known. */
  entries: MemoryView[] | null;
  total: number;
  error: CountersignError | null;
  set(memoryId: string, state: SettableState): Promise<boolean>;
  forget(memoryId: string): Promise<boolean>;
  forgetModel(whose: Pick<MemoryView, 'user_id' | 'provider' | 'model'>): Promise<boolean>;
}

/** What is remembered, as it stands now, and what can be done about it. Null = not asked for. */
export function useMemories(filter: MemoryFilter | null): Memories {
  const { client } = useSession();
  const [{ entries, total }, setList] = useState<{ entries: MemoryView[] | null; total: number }>({ entries: null, total: 0 });
  const [error, setError] = useState<CountersignError | null>(null);
  const asked = JSON.stringify(filter);
  const load = useCallback(async (): Promise<void> => {
    const wanted = JSON.parse(asked) as MemoryFilter | null;
    if (!wanted) return;
    const answer = await client.parameterMemory({ limit: PAGE, ...wanted });
    setList({ entries: answer.memories, total: answer.total });
  }, [client, asked]);
  useEffect(() => {
    load().catch((problem: unknown) => setError(problem as CountersignError));
  }, [load]);
  const tend = async (what: Promise<unknown>): Promise<boolean> => {
    try {
      setError(null);
      await what;
      await load();
      return true;
    } catch (problem) {
      setError(problem as CountersignError);
      return false;
    }
  };
  return {
    entries, total, error,
    set: (memoryId, state) => tend(client.setMemory(memoryId, state)),
    forget: (memoryId) => tend(client.forgetMemory(memoryId)),
    forgetModel: ({ user_id, provider, model }) => tend(client.forgetModel({ user_id, provider, model })),
  };
}
