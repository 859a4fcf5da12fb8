/** A class whose fields are environment variables: a decorator per field says what is legal, the initialiser is the default. */
export type EnvClass<T extends object = object> = new () => T;

type AllOf<T extends readonly EnvClass[]> = T extends readonly [EnvClass<infer Head>, ...infer Rest extends readonly EnvClass[]]
  ? Head & AllOf<Rest>
  : unknown;

const GROUPS = Symbol('env groups');

/**
 * A base class that has the fields of all given groups, for an app's own small env class:
 * `class ExecutorEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv) {}`. Each group is checked by its own rules.
 */
export function envOf<const T extends readonly EnvClass[]>(...groups: T): EnvClass<AllOf<T> & object> {
  class ComposedEnv {
    static readonly [GROUPS] = groups;
  }
  return ComposedEnv as unknown as EnvClass<AllOf<T> & object>;
}

/** The class itself and every group below it, each once, groups first. */
export function partsOf(env: EnvClass): EnvClass[] {
  const found = new Set<EnvClass>();
  const visit = (part: EnvClass): void => {
    const groups = (part as unknown as { [GROUPS]?: readonly EnvClass[] })[GROUPS];
    groups?.forEach(visit);
    found.add(part);
  };
  visit(env);
  return [...found];
}
