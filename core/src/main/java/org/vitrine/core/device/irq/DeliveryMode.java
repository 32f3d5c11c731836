package org.vitrine.core.device.irq;

/** What an APIC's message asks of the processor; in the order of its three bits. */
enum DeliveryMode {
    FIXED,
    LOWEST_PRIORITY,
    SMI,
    RESERVED,
    NMI,
    INIT,
    START_UP,
    EXT_INT;

    private static final DeliveryMode[] BY_CODE = values();

    /** That of bits 8 to 10 of an interrupt command, a local vector or a redirection entry. */
    static DeliveryMode of(long register) {
        return BY_CODE[(int) (register >> 8) & 7];
    }
}
