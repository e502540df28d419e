export const decode = {} as const;
