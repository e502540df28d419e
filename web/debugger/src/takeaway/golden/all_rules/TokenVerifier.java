// Maven: com.nimbusds:nimbus-jose-jwt
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

public final class TokenVerifier {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    public TokenVerifier() throws Exception {
        processor.setJWSKeySelector(new SingleKeyJWSKeySelector<>(JWSAlgorithm.parse("ES256"), readKey()));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt")));
        var claims = new DefaultJWTClaimsVerifier<>(
            Set.of("https://api.example", "it's"),
            new JWTClaimsSet.Builder().issuer("https://issuer.example/a'b\"c\\d\n$x`{y}\u202e\udb40\udc01 é 字").subject("ada \"the\" countess").build(),
            Set.of("exp", "client_id", "iat"),
            null);
        claims.setMaxClockSkew(30);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** The claims of a token that may be accepted; throws for every other. */
    public JWTClaimsSet verify(String token) throws ParseException, BadJOSEException, JOSEException {
        JWTClaimsSet claims = processor.process(token, null);
        if (claims.getIssueTime().toInstant().isBefore(Instant.now().minusSeconds(3630))) {
            throw new BadJWTException("issued too long ago");
        }
        return claims;
    }

    private static Key readKey() throws Exception {
        String pem = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
            E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
            -----END PUBLIC KEY-----
            """;
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    }
}
