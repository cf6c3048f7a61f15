/** The kernel process's file descriptor for interrupt requests. Its own pipe, because a busy main thread reads no messages. */
export const INTERRUPT_FD = 4;

/** `raise`: stop at the next loop iteration or signal check. `terminate`: cut the main thread off, unless it is free by now. */
export const INTERRUPT_BYTE = { raise: 0x69, terminate: 0x74 } as const;
