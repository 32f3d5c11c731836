package org.vitrine.frontend.rdp.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NegotiationTest {

    private final Negotiation negotiation = new Negotiation();

    private Negotiation.Step take(String hex) throws RdpSyntaxException {
        return negotiation.take(HexFormat.of().parseHex(hex));
    }

    @Test
    void tlsIsRefusedAndTheConversationEnds() throws RdpSyntaxException {
        Negotiation.Step step = take("0ee000000000000100080003000000");
        assertEquals("0ed00000123400" + "0300080002000000", HexFormat.of().formatHex(step.reply()));
        assertEquals("refused TLS, CredSSP, which is not implemented in this frontend", step.end());
        assertEquals(Negotiation.State.ENDED, negotiation.state());
        assertThrows(IllegalStateException.class, () -> take("02f080"));
    }

    @Test
    void standardSecurityIsConfirmedAndEndsAtTheNextMessage() throws RdpSyntaxException {
        Negotiation.Step confirmed = take("0ee000000000000100080000000000");
        assertEquals(
                "0ed00000123400" + "0200080000000000", HexFormat.of().formatHex(confirmed.reply()));
        assertNull(confirmed.end());
        assertTrue(negotiation.maxLength() > ConnectionRequest.MAX_LENGTH);
        Negotiation.Step ended = take("02f0807f65");
        assertEquals("06800000123400", HexFormat.of().formatHex(ended.reply()));
        assertTrue(ended.end().contains("not implemented"), ended.end());
    }

    @Test
    void aClientThatDoesNotNegotiateIsConfirmedWithoutIt() throws RdpSyntaxException {
        assertEquals("06d00000123400", HexFormat.of().formatHex(take("06e00000000000").reply()));
        assertEquals(Negotiation.State.WANTS_MCS, negotiation.state());
        assertThrows(RdpSyntaxException.class, () -> take("06e00000000000"));
        assertEquals(Negotiation.State.ENDED, negotiation.state());
    }
}
