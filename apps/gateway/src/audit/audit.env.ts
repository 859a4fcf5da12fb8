import { DatabaseEnv, envOf } from '@countersign/service-kit';

export class AuditEnv extends envOf(DatabaseEnv) {}
