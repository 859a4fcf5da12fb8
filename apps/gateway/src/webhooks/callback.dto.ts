import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** Tokens are 43 characters; anything much longer is none. */
const TOKEN_MAX = 200;

export class CallbackQueryDto {
  @ApiProperty({ description: 'Of this launch; it travelled in the address that the provider was given.' })
  @IsString() @MaxLength(TOKEN_MAX) token: string;
}

export class CallbackView {
  @ApiProperty({ description: 'It is on record; the provider need not call again.' }) received: boolean;
}
