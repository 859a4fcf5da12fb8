import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { GatewayEnv, publicUrlOf } from '../gateway.env';

/** Addresses of this gateway as others reach it. */
@Injectable()
export class PublicUrl {
  constructor(private readonly env: GatewayEnv, private readonly host: HttpAdapterHost) {}

  /** @param path begins with a slash. */
  of(path: string): string {
    const address = (this.host.httpAdapter.getHttpServer() as { address(): AddressInfo | null }).address();
    return publicUrlOf({ ...this.env, PORT: address?.port ?? this.env.PORT }) + path;
  }
}
