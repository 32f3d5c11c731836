package org.vitrine.example.ascii.codec;

import java.io.ByteArrayOutputStream;

/**
 * What the Telnet protocol (RFC 854) mixes with what is typed. A client that speaks no Telnet sends
 * none of it, and is not hurt.
 */
public final class Telnet {

    private static final int IAC = 0xFF;
    private static final int SUBNEGOTIATION = 0xFA;
    private static final int END_OF_SUBNEGOTIATION = 0xF0;
    private static final int FIRST_WITH_OPTION = 0xFB; // WILL, WONT, DO, DONT

    /**
     * Asks the client to send each key at once and to leave echoing to the guest: WILL ECHO (RFC
     * 857), WILL SUPPRESS-GO-AHEAD (RFC 858).
     */
    public static final byte[] GREETING = {(byte) IAC, (byte) 0xFB, 1, (byte) IAC, (byte) 0xFB, 3};

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        PARAMETERS,
        COMMAND_IN_PARAMETERS
    }

    private State state = State.DATA;

    /** The bytes that were typed: what is left of these without commands, which may be cut. */
    public byte[] data(byte[] received) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(received.length);
        for (byte signed : received) {
            int b = signed & 0xFF;
            state =
                    switch (state) {
                        case DATA -> {
                            if (b == IAC) {
                                yield State.COMMAND;
                            }
                            data.write(b);
                            yield State.DATA;
                        }
                        case COMMAND -> {
                            if (b == IAC) {
                                data.write(b);
                                yield State.DATA;
                            }
                            yield b == SUBNEGOTIATION
                                    ? State.PARAMETERS
                                    : b >= FIRST_WITH_OPTION ? State.OPTION : State.DATA;
                        }
                        case OPTION -> State.DATA;
                        case PARAMETERS ->
                                b == IAC ? State.COMMAND_IN_PARAMETERS : State.PARAMETERS;
                        case COMMAND_IN_PARAMETERS ->
                                b == END_OF_SUBNEGOTIATION ? State.DATA : State.PARAMETERS;
                    };
        }
        return data.toByteArray();
    }
}
