package org.vitrine.core.bus;

/**
 * The processor's general registers, for the rare device that answers in them. Used in the middle
 * of an IN or OUT instruction, on the vCPU thread; numbered as instructions number them.
 */
public interface RegisterAccess {

    int EAX = 0;
    int ECX = 1;
    int EDX = 2;
    int EBX = 3;
    int ESI = 6;
    int EDI = 7;

    /** The low 32 bits of a register. */
    int get(int register);

    /** Sets a register to 32 bits; those above become 0. */
    void set(int register, int value);
}
