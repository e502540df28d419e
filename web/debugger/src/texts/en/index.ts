import { app } from "./app";
import { compare } from "./compare";
import { decode } from "./decode";
import { encode } from "./encode";
import { jwks } from "./jwks";
import { keys } from "./keys";
import { policy } from "./policy";
import { share } from "./share";
import { takeaway } from "./takeaway";
import { verdict } from "./verdict";

export const en = { app, compare, decode, encode, jwks, keys, policy, share, takeaway, verdict } as const;
