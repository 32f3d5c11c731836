package org.vitrine.frontend.rdp.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * The security protocols that a client offers, as bits: MS-RDPBCGR 2.2.1.1.1, requestedProtocols.
 */
public final class SecurityProtocols {

    /** Standard RDP security, with RC4: no bit of its own. */
    public static final int RDP = 0;

    public static final int SSL = 0x01;
    public static final int HYBRID = 0x02;
    public static final int RDSTLS = 0x04;
    public static final int HYBRID_EX = 0x08;
    public static final int RDSAAD = 0x10;

    private static final String[] NAMES = {"TLS", "CredSSP", "RDSTLS", "CredSSP-EX", "RDS-AAD"};

    private SecurityProtocols() {}

    /** The protocols' usual names: {@code "TLS, CredSSP"}. */
    public static String names(int protocols) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((protocols & 1 << bit) != 0) {
                names.add(NAMES[bit]);
            }
        }
        int unknown = protocols >>> NAMES.length << NAMES.length;
        if (unknown != 0) {
            names.add(String.format("0x%X", unknown));
        }
        return names.isEmpty() ? "standard RDP security" : String.join(", ", names);
    }
}
