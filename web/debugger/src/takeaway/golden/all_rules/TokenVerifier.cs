// dotnet add package Microsoft.IdentityModel.JsonWebTokens
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

public static class TokenVerifier
{
    private static readonly TokenValidationParameters Expected = new()
    {
        IssuerSigningKey = ReadKey(),
        ValidAlgorithms = ["ES256"],
        ValidIssuers = ["https://issuer.example/a'b\"c\\d\n$x`{y}\u202e\U000e0001 é 字"],
        ValidAudiences = ["https://api.example", "it's"],
        ValidTypes = ["at+jwt", "application/at+jwt"],
        RequireExpirationTime = true,
        ClockSkew = TimeSpan.FromSeconds(30),
    };

    /// <summary>The token, if it may be accepted; throws for every other.</summary>
    public static async Task<JsonWebToken> VerifyAsync(string token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, Expected);
        if (!result.IsValid) throw result.Exception;
        var verified = (JsonWebToken)result.SecurityToken;
        string[] names = ["client_id", "iat"];
        if (!names.All(name => verified.TryGetPayloadValue<object>(name, out _)))
            throw new SecurityTokenValidationException("a required claim is missing");
        if (verified.Subject != "ada \"the\" countess")
            throw new SecurityTokenValidationException("unexpected subject");
        if (DateTime.UtcNow - verified.IssuedAt > TimeSpan.FromSeconds(3630))
            throw new SecurityTokenValidationException("issued too long ago");
        return verified;
    }

    private const string PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEITkUPQirbfwzGZ7b1SnsX5FDBGio
        E0sTT5bIF0h/Vm5SditnquTfQdfbY5tPebZ/lfR19JkTSY58harms9JPZw==
        -----END PUBLIC KEY-----
        """;

    private static SecurityKey ReadKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(PublicKey);
        return new ECDsaSecurityKey(key);
    }
}
