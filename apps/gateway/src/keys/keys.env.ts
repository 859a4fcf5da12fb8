import { DatabaseEnv, envOf } from '@countersign/service-kit';

export class KeysEnv extends envOf(DatabaseEnv) {}
