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
import java.text.ParseException;
import java.util.Base64;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

public final class TokenVerifier {
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    public TokenVerifier() throws Exception {
        processor.setJWSKeySelector(new SingleKeyJWSKeySelector<>(JWSAlgorithm.parse("HS256"), readKey()));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("jwt"), new JOSEObjectType("application/jwt"), new JOSEObjectType("notes+jwt"), new JOSEObjectType("application/notes+jwt"), null));
        var claims = new DefaultJWTClaimsVerifier<>(
            null,
            new JWTClaimsSet.Builder().build(),
            Set.of("exp", "sub", "iss"),
            null);
        claims.setMaxClockSkew(0);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** The claims of a token that may be accepted; throws for every other. */
    public JWTClaimsSet verify(String token) throws ParseException, BadJOSEException, JOSEException {
        JWTClaimsSet claims = processor.process(token, null);
        if (!Set.of("https://issuer.example", "https://other.example").contains(claims.getIssuer())) {
            throw new BadJWTException("unexpected issuer");
        }
        return claims;
    }

    private static Key readKey() throws Exception {
        String text = System.getenv("TOKEN_SECRET");
        return new SecretKeySpec(Base64.getUrlDecoder().decode(text), "HmacSHA256");
    }
}
