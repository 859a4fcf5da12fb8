import { isLoopback } from '@countersign/service-kit';
import type { CallbackUrl } from './call-provider';
import type { ExecutorEnv } from '../executor.env';

/**
 * Call-backs are asked for only where they can arrive and be believed: a public https address (or a provider on this
 * machine), and a secret to check their signature with. Polling stands behind them anyway.
 */
export function callbackUrlOf(env: Pick<ExecutorEnv, 'PUBLIC_URL' | 'REPLICATE_WEBHOOK_SECRET' | 'REPLICATE_BASE_URL'>): CallbackUrl {
  const base = env.PUBLIC_URL;
  if (!base || !env.REPLICATE_WEBHOOK_SECRET) return () => null;
  const canArrive = base.startsWith('https:') || isLoopback(new URL(env.REPLICATE_BASE_URL).hostname);
  if (!canArrive) return () => null;
  return (launch, provider) => {
    if (!provider.capabilities.callbacks) return null;
    const url = new URL(`/webhooks/${provider.name}/${launch.launchId}`, base);
    url.searchParams.set('token', launch.callbackToken);
    return url.href;
  };
}
