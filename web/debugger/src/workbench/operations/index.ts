// Every operation of the core by its name: what it is asked and what it answers. The command line
// and the HTTP API have the same.

import type { DecryptAnswer, DecryptRequest } from "./decrypt";
import type { DiffAnswer, DiffRequest } from "./diff";
import type { InspectAnswer, InspectRequest } from "./inspect";
import type { JwksAnswer, JwksRequest } from "./jwks";
import type { ConvertAnswer, ConvertRequest, GenerateAnswer, GenerateRequest, KeyFacts, KeyInput } from "./keys";
import type { ExamplesAnswer, ExamplesRequest, NamesAnswer } from "./names";
import type { PolicyAnswer, PolicyRequest } from "./policies";
import type { SdVerifyAnswer, SdVerifyRequest } from "./sd";
import type { EncryptAnswer, EncryptRequest, SignAnswer, SignRequest } from "./sign";
import type { VerifyAnswer, VerifyRequest } from "./verify";

export interface Operations {
  "tokens/inspect": { request: InspectRequest; answer: InspectAnswer };
  "tokens/verify": { request: VerifyRequest; answer: VerifyAnswer };
  "tokens/diff": { request: DiffRequest; answer: DiffAnswer };
  "tokens/sign": { request: SignRequest; answer: SignAnswer };
  "tokens/encrypt": { request: EncryptRequest; answer: EncryptAnswer };
  "tokens/decrypt": { request: DecryptRequest; answer: DecryptAnswer };
  "tokens/sd-verify": { request: SdVerifyRequest; answer: SdVerifyAnswer };
  "keys/generate": { request: GenerateRequest; answer: GenerateAnswer };
  "keys/convert": { request: ConvertRequest; answer: ConvertAnswer };
  "keys/inspect": { request: { key: KeyInput }; answer: KeyFacts };
  "jwks/inspect": { request: JwksRequest; answer: JwksAnswer };
  names: { request: Record<never, never>; answer: NamesAnswer };
  examples: { request: ExamplesRequest; answer: ExamplesAnswer };
  "policies/show": { request: PolicyRequest; answer: PolicyAnswer };
}

export type OperationName = keyof Operations;
export type RequestOf<N extends OperationName> = Operations[N]["request"];
export type AnswerOf<N extends OperationName> = Operations[N]["answer"];
