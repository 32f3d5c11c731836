package org.vitrine.monitor.command;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Passwords that nobody has been told, and that so let nobody in. */
public final class UnknownPassword {

    private UnknownPassword() {}

    /** Eight characters, as many as VNC takes, of 40 random bits. */
    public static String make() {
        return new BigInteger(40, new SecureRandom()).setBit(40).toString(32).substring(1);
    }
}
