import { app } from "./app";
import { decode } from "./decode";
import { keys } from "./keys";
import { policy } from "./policy";
import { verdict } from "./verdict";

export const en = { app, decode, keys, policy, verdict } as const;
